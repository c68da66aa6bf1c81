import { vi } from "vitest";
import type { SessionManager } from "../../src/core/session-manager.ts";
import type { SessionOptions } from "../../src/options/options.ts";
import { stoppedClock } from "./fixed.ts";
import { type LooseSession, sessionsWith } from "./visitor.ts";

type Revoked = Date | null | undefined;
export type Before = (userId: unknown) => Revoked | Promise<Revoked>;

/** An app that can revoke the sessions of a user. */
export class RevokingApp {
  readonly clock = stoppedClock();
  readonly onReject = vi.fn();
  /** What its database has: from when on each user's sessions count. */
  readonly revokedBefore = new Map<unknown, Date>();
  readonly before = vi.fn<Before>((userId) => this.revokedBefore.get(userId));

  sessionsWith(options: SessionOptions = {}, cacheFor = 0): Promise<SessionManager> {
    return sessionsWith({
      clock: this.clock,
      onReject: this.onReject,
      userOf: (data) => data.user as string | undefined,
      revocation: { before: this.before, cacheFor },
      ...options,
    });
  }

  revoke(user: unknown): void {
    this.revokedBefore.set(user, new Date(this.clock()));
  }
}

export const logsIn = (user: string) => (session: LooseSession) => {
  session.clear();
  session.user = user;
};
