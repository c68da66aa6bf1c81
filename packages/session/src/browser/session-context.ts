import { createContext, createElement, type ReactNode } from "react";
import type { PublicTimes } from "../core/public-session.ts";
import { usePublicSession, useTimeLeft } from "./hooks.ts";
import type { Known } from "./kind.ts";
import { Provider } from "./provider.ts";
import { serverClock } from "./server-clock.ts";

/** The props of a `SessionProvider`. */
export interface SessionProviderProps<Public> {
  /** What `getPublicSession()` returned, without `await`. */
  readonly session: Promise<Public>;
  readonly children?: ReactNode;
}

/** What `createSessionContext()` returns. */
export interface SessionContext<Public extends PublicTimes> {
  /**
   * Gives the components inside it the public session. Put it into a layout. In the browser it keeps the
   * session in step: with the server's answers, with other tabs, and with the clock.
   *
   * Next.js renders no layout for a navigation. If the proxy changes the session, a second provider in the
   * page brings what the page was given to the provider in the layout.
   *
   * @example
   * // app/layout.tsx
   * <SessionProvider session={getPublicSession()}>{children}</SessionProvider>
   */
  SessionProvider(props: SessionProviderProps<Public>): ReactNode;

  /**
   * Returns the public session: empty if there is none, or from the moment at which it ends. Suspends
   * until the server has read it, so what the server renders has it already.
   *
   * @throws SessionContextError (`ERR_SESSION_NO_PROVIDER`) without a `SessionProvider` above
   * @throws SessionContextError (`ERR_SESSION_COPY`) if `getPublicSession()` did not make what the
   * provider was given
   *
   * @example
   * const { name } = useSession();
   */
  useSession(): Public;

  /**
   * Returns how many seconds are left of the session, once per second in its last seconds: for “Your
   * session ends in two minutes”. It sends no request, so it does not extend the session.
   *
   * @param within From how many seconds before the end.
   * @returns `undefined` before that time, without a session, and in what the server renders.
   * @throws SessionContextError as `useSession()` does
   *
   * @example
   * const secondsLeft = useSecondsLeft(120);
   */
  useSecondsLeft(within: number): number | undefined;
}

/**
 * Makes the provider and the hooks for the public part of a session, with the type that the definition
 * gives it. Call it once, in a module that begins with `"use client"`.
 *
 * @param channel Keeps the tabs of two kinds of session apart, if an origin has two. Default: `"session"`.
 *
 * @example
 * // lib/session-context.ts
 * "use client";
 * import { createSessionContext } from "next-signed-session/react";
 * import type { getPublicSession } from "@/lib/session";
 *
 * export const { SessionProvider, useSession, useSecondsLeft } =
 *   createSessionContext<typeof getPublicSession>();
 */
export function createSessionContext<GetPublicSession extends () => Promise<PublicTimes>>(
  channel = "session",
): SessionContext<Awaited<ReturnType<GetPublicSession>>> {
  type Public = Awaited<ReturnType<GetPublicSession>>;
  const context = createContext<Known<Public> | undefined>(undefined);
  const kind = { context, clock: serverClock(), channel };
  return {
    // biome-ignore lint/correctness/noComponentHookFactories: of its own, as createContext() makes one
    SessionProvider: (props) => createElement(Provider<Public>, { kind, ...props }),
    useSession: () => usePublicSession(kind),
    useSecondsLeft: (within) => useTimeLeft(kind, within),
  };
}
