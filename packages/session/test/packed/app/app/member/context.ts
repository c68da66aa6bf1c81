"use client";
import { createSessionContext } from "next-signed-session/react";
import type { getPublicSession } from "./session";

export const { SessionProvider, useSession } =
  createSessionContext<typeof getPublicSession>("member");
