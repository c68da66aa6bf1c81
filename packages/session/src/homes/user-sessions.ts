import type { Payload } from "../formats/codec.ts";
import { entryIn, isTombstone } from "./record.ts";
import type { SessionEnds } from "./session-ends.ts";
import type { SessionEntries } from "./session-entries.ts";
import { adapted } from "./stored-session.ts";
import type { UserGroups, UserId } from "./user-groups.ts";

/** A living session of a user. */
export interface ListedSession {
  readonly sessionId: string;
  readonly payload: Payload;
  /** Unix time in seconds of the last write. */
  readonly writtenAt: number;
}

/** The sessions of one user: lists and ends them. */
export class UserSessions {
  readonly #entries: SessionEntries;
  readonly #ends: SessionEnds;
  readonly #groups: UserGroups;

  constructor(entries: SessionEntries, ends: SessionEnds, groups: UserGroups) {
    this.#entries = entries;
    this.#ends = ends;
    this.#groups = groups;
  }

  /** The one that was written last comes first. */
  async list(userId: UserId, now: number): Promise<readonly ListedSession[]> {
    const group = this.#groups.of(userId);
    const sessionIds = await this.#entries.store.membersOf(group);
    const found = await Promise.all(
      sessionIds.map((sessionId) => this.#living(sessionId, group, now)),
    );
    return found.filter((session) => session !== undefined).sort(byLastWrite);
  }

  /** @param except The id of a session that goes on. */
  async end(userId: UserId, except: string | undefined, now: number): Promise<void> {
    const group = this.#groups.of(userId);
    const sessionIds = await this.#entries.store.membersOf(group);
    for (const sessionId of sessionIds) {
      await this.#ends.endInGroup(sessionId, group, except, now);
    }
  }

  /** A member may be about to begin, have ended, or belong to another user by now. */
  async #living(sessionId: string, group: string, now: number): Promise<ListedSession | undefined> {
    const { store, adapt } = this.#entries;
    const content = await store.get(sessionId);
    const entry = content === undefined ? undefined : entryIn(content);
    if (!entry || isTombstone(entry)) return undefined;
    if ((await this.#groups.inEntry(entry)) !== group) return undefined;
    const payload = await adapted(entry, adapt);
    if (this.#entries.isOver(entry, payload, now)) return undefined;
    return { sessionId, payload, writtenAt: entry.writtenAt };
  }
}

function byLastWrite(one: ListedSession, other: ListedSession): number {
  return other.writtenAt - one.writtenAt;
}
