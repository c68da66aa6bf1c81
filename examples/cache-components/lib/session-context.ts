"use client";
import { createSessionContext } from "next-signed-session/react";
import type { getCurrentSession } from "./auth";

export const { SessionProvider, useSession } = createSessionContext<typeof getCurrentSession>();
