import type { SessionManager } from "../../src/core/session-manager.ts";
import { endSessionsOf, sessionsOf } from "../../src/core/stored-sessions.ts";
import { Visitor } from "./visitor.ts";

/** For the option `userOf`. */
export const userOf = (data: Record<string, unknown>) => data.userId as number | undefined;

/** A new browser in which this user logs in. */
export async function loggedIn(
  sessions: SessionManager,
  userId: unknown,
  data: object = {},
): Promise<Visitor> {
  const visitor = new Visitor();
  await visitor.puts(sessions, { userId, ...data });
  return visitor;
}

export async function idOf(sessions: SessionManager, visitor: Visitor): Promise<string> {
  return (await visitor.opens(sessions)).sessionId as string;
}

/** The user's sessions with all their data. */
export function list(sessions: SessionManager, userId: number | string) {
  return sessionsOf(sessions.home, userId, ({ ...data }) => data);
}

/** The data of the user's sessions. */
export async function listed(sessions: SessionManager, userId: number | string) {
  return (await list(sessions, userId)).map(({ data }) => data);
}

export function endAll(sessions: SessionManager, userId: number, except: string | undefined) {
  return endSessionsOf(sessions.home, userId, except);
}
