import type { RecordStore } from "../store/store.ts";
import { isEmpty } from "./home.ts";
import { LateChanges } from "./late-changes.ts";
import { type Lease, withoutLease } from "./leases.ts";
import { entryIn, isTombstone, recordIn } from "./record.ts";
import { SessionEnds } from "./session-ends.ts";
import { type Saved, SessionEntries, type SessionEntriesOptions } from "./session-entries.ts";
import { replay, type Save, type Stored } from "./stored-session.ts";
import { UserSessions } from "./user-sessions.ts";

/** How a store's sessions begin, change and move to a new id. */
export class SessionRecords {
  readonly ends: SessionEnds;
  /** There is none without the option `userOf`. */
  readonly ofUsers: UserSessions | undefined;
  readonly #entries: SessionEntries;
  readonly #lateChanges: LateChanges;

  /** @param store With the time of one save. */
  constructor(store: RecordStore, options: SessionEntriesOptions) {
    this.#entries = new SessionEntries(store, options);
    this.ends = new SessionEnds(this.#entries);
    this.ofUsers = options.users && new UserSessions(this.#entries, this.ends, options.users);
    this.#lateChanges = new LateChanges(this.#entries);
  }

  set(sessionId: string, stored: Stored, now: number): Promise<string> {
    return this.#entries.set(sessionId, stored, now);
  }

  /** Sets the record of a session that comes from another home, if no other request has done so. */
  async begin(sessionId: string, stored: Stored, writtenAt: number): Promise<string | undefined> {
    const put = await this.#entries.recordOf(sessionId, stored, writtenAt);
    return (await this.#entries.store.create(sessionId, put)) ? put.value : undefined;
  }

  /**
   * Merges a change into what the store holds by now, or into the session under its new id.
   *
   * @param lease Is given up by this change.
   */
  async update(
    save: Save,
    lease?: Lease,
  ): Promise<{ saved: Saved } | { followed: Stored } | "ended"> {
    const { held, now } = save;
    const { adapt } = this.#entries;
    const fate = await this.#entries.update(held.sessionId, held.content, now, async (record) => {
      const stored = await replay(save, record, adapt);
      return lease ? { ...stored, leases: withoutLease(record.leases, lease) } : stored;
    });
    if (fate === "ended" || "saved" in fate) return fate;
    const before = recordIn(fate.tombstone);
    if (!before) return "ended";
    const after = await replay(save, before, adapt);
    const change = { before, after };
    const isKept = await this.#lateChanges.follow(held.sessionId, fate.tombstone, change, now);
    return isKept ? { followed: after } : "ended";
  }

  /**
   * Moves the session to a new id. If another request has moved it already, both new sessions live: the
   * browser keeps the cookie that arrives last. The old record is replaced last, so that no failure
   * before that loses the session.
   */
  async rotate(save: Save, newId: string): Promise<Saved | "ended"> {
    const entries = this.#entries;
    const { sessionId, content } = save.held;
    let isSet = false;
    const moved = await entries.store.update(sessionId, content, async (current) => {
      const entry = entryIn(current);
      const from = entry && recordIn(entry);
      if (!from) return { outcome: undefined };
      const stored = await replay(save, from, entries.adapt);
      if (entries.isOver(from, stored.payload, save.now)) return { outcome: undefined };
      // Without data there is nothing to move, and the browser gets no cookie for a new id.
      if (isEmpty(stored.payload)) {
        if (isSet) await this.ends.end(newId, save.now);
        const put = isTombstone(entry)
          ? undefined
          : await entries.recordOf(sessionId, stored, save.now, entry);
        return { outcome: { saved: { ...stored, content: current }, siblings: [] }, put };
      }
      const { leases } = from;
      const content = await entries.set(newId, { ...stored, leases }, save.now);
      const saved = { ...stored, content };
      isSet = true;
      const siblings = isTombstone(entry) ? entry.successors : [];
      const ended = isTombstone(entry) ? entry.ended : save.now;
      const tombstone = { ended, successors: [...siblings, newId], carried: from.text };
      const put = await entries.tombstoneOf(sessionId, tombstone, entry);
      return { outcome: { saved, siblings }, put };
    });
    if (moved && !(await this.ends.someHasEnded(moved.siblings))) return moved.saved;
    if (isSet) await this.ends.end(newId, save.now);
    return "ended";
  }
}
