/**
 * The public part of a session in client components. Start with {@link createSessionContext}.
 *
 * @module next-signed-session/react
 */

"use client";

export {
  createSessionContext,
  type SessionContext,
  type SessionProviderProps,
} from "./browser/session-context.ts";
