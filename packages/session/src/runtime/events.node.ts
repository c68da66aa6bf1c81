import { type Channel, channel } from "node:diagnostics_channel";

/** What happens to a session. */
export type SessionEvent = "created" | "refreshed" | "renewed" | "ended" | "refused";

const channels: Record<SessionEvent, Channel> = {
  created: channel("next-signed-session:created"),
  refreshed: channel("next-signed-session:refreshed"),
  renewed: channel("next-signed-session:renewed"),
  ended: channel("next-signed-session:ended"),
  refused: channel("next-signed-session:refused"),
};

/** Costs nothing where nobody listens. No message has data of a session. */
export function publish(
  event: SessionEvent,
  cookie: string,
  sessionId: string | undefined,
  reason?: string | undefined,
): void {
  const to = channels[event];
  if (to.hasSubscribers) to.publish({ cookie, sessionId, reason });
}
