import type { Payload } from "../formats/codec.ts";
import { judgeAge, type Lifetime, remainingLifetime } from "../session/lifetime.ts";
import type { Put, RecordStore } from "../store/store.ts";
import { isEmpty } from "./home.ts";
import {
  entryIn,
  formatRecord,
  formatTombstone,
  isTombstone,
  type SessionRecord,
  type Tombstone,
} from "./record.ts";
import type { Adapt, Stored } from "./stored-session.ts";
import type { UserGroups } from "./user-groups.ts";

/** For how long an ended session is remembered, in seconds. No request should run longer than that. */
export const TOMBSTONE_LIFETIME = 60;

export interface SessionEntriesOptions {
  readonly lifetime: Lifetime;
  readonly adapt: Adapt;
  /** There are none without the option `userOf`. */
  readonly users?: UserGroups | undefined;
}

/** What a save has put into the store, as data and as the record's content. */
export interface Saved extends Stored {
  readonly content: string;
}

/** What has become of a session that a change was made to. */
export type Fate = { readonly saved: Saved } | { readonly tombstone: Tombstone } | "ended";

/** The store's entries, each of which is a living session's record or an ended session's tombstone. */
export class SessionEntries {
  readonly store: RecordStore;
  readonly adapt: Adapt;
  readonly users: UserGroups | undefined;
  readonly #lifetime: Lifetime;

  /** @param store With the time of one save. */
  constructor(store: RecordStore, { adapt, users, lifetime }: SessionEntriesOptions) {
    this.store = store;
    this.adapt = adapt;
    this.users = users;
    this.#lifetime = lifetime;
  }

  async set(sessionId: string, stored: Stored, now: number): Promise<string> {
    const put = await this.recordOf(sessionId, stored, now);
    await this.store.set(sessionId, put);
    return put.value;
  }

  /**
   * Replaces a living session's record by what `change` makes of it, if that is anything.
   *
   * @param known The entry as last seen, if it was.
   */
  async update(
    sessionId: string,
    known: string | undefined,
    now: number,
    change: (record: SessionRecord) => Promise<Stored | undefined>,
  ): Promise<Fate> {
    const fate = await this.store.update<Fate>(sessionId, known, async (current) => {
      const entry = entryIn(current);
      if (!entry) return { outcome: "ended" };
      if (isTombstone(entry)) return { outcome: { tombstone: entry } };
      const stored = await change(entry);
      if (!stored || this.isOver(entry, stored.payload, now)) return { outcome: "ended" };
      const put = await this.recordOf(sessionId, { leases: entry.leases, ...stored }, now, entry);
      return { outcome: { saved: { ...stored, content: put.value } }, put };
    });
    return fate ?? "ended";
  }

  /** An expired session has ended, even if the store still holds it. */
  isOver({ writtenAt }: SessionRecord, { createdAt }: Payload, now: number): boolean {
    return judgeAge({ issuedAt: now, writtenAt, createdAt }, now, this.#lifetime) !== undefined;
  }

  /**
   * A session that has lost its last key is kept empty for a while, so that the changes of running
   * requests are kept.
   *
   * @param before The record that it replaces.
   */
  async recordOf(
    sessionId: string,
    { payload, text, leases }: Stored,
    now: number,
    before?: SessionRecord,
  ): Promise<Put> {
    const { createdAt } = payload;
    // Some stores take 0 for "for ever", and some for an error.
    const lasting = Math.max(1, remainingLifetime(createdAt, now, this.#lifetime));
    const seconds = isEmpty(payload) ? this.#tombstoneLifetime(sessionId) : lasting;
    const put = { value: formatRecord({ writtenAt: now, text, leases }), ttl: seconds * 1000 };
    return this.users ? this.users.moved(put, before, this.users.in(payload)) : put;
  }

  /**
   * A tombstone that carries a user's data is listed as well: a running request may yet begin a session
   * with it.
   *
   * @param before What it replaces.
   */
  async tombstoneOf(
    sessionId: string,
    tombstone: Tombstone,
    before: SessionRecord | Tombstone,
  ): Promise<Put> {
    const ttl = this.#tombstoneLifetime(sessionId) * 1000;
    const put = { value: formatTombstone(tombstone), ttl, isFinal: true };
    return this.users ? this.users.moved(put, before, await this.users.inEntry(tombstone)) : put;
  }

  #tombstoneLifetime(sessionId: string): number {
    return isFromCookie(sessionId) ? this.#lifetime.idleTimeout : TOMBSTONE_LIFETIME;
  }
}

/**
 * Did the session come from a cookie that held its data? That cookie stays valid until it expires, so
 * the store has to remember until then that the session has ended.
 */
function isFromCookie(sessionId: string): boolean {
  return sessionId.includes(":cookie:");
}
