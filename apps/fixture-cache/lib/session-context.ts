"use client";
import { createSessionContext } from "next-signed-session/react";
import type { currentSession } from "@/lib/current-session";

export const { SessionProvider, useSession } = createSessionContext<typeof currentSession>();
