import { SessionOptionError } from "../errors/errors.ts";
import type { SessionHome } from "../homes/home.ts";
import type { UserId } from "../homes/user-groups.ts";
import type { UserSession } from "./session-definition.ts";

/*
 * What can be done with sessions other than the request's own. Most pages do nothing of it, so it is
 * loaded when it is used.
 */

export async function endSession(home: SessionHome, sessionId: string): Promise<void> {
  if (!home.end) throw withoutStore("endSession");
  await home.end(sessionId);
}

export async function sessionsOf<Description>(
  home: SessionHome,
  userId: UserId,
  describe: ((data: Record<string, unknown>) => Description) | undefined,
): Promise<UserSession<Description>[]> {
  if (!home.list) throw withoutStore("sessionsOf");
  const found = await home.list(userId);
  return found.map(({ sessionId, payload, writtenAt }) => ({
    sessionId,
    began: new Date((payload.createdAt ?? writtenAt) * 1000),
    lastSeen: new Date(writtenAt * 1000),
    data: describe?.(payload.data) as Description,
  }));
}

export async function endSessionsOf(
  home: SessionHome,
  userId: UserId,
  except: string | undefined,
): Promise<void> {
  if (!home.endAll) throw withoutStore("endSessionsOf");
  await home.endAll(userId, except);
}

function withoutStore(caller: string): SessionOptionError {
  return new SessionOptionError(
    "ERR_SESSION_OPTION",
    `${caller}() needs the session option \`store\`: without one the session is in the cookie alone, and only the browser can delete that.`,
  );
}
