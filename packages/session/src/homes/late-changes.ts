import { mergeIndependent } from "../store/merge.ts";
import { formatTombstone, recordIn, type SessionRecord, type Tombstone } from "./record.ts";
import type { SessionEntries } from "./session-entries.ts";
import { adapted, equal, type Stored, storedAs } from "./stored-session.ts";

/** What one request did: the session as it was before, and as it is with the change. */
interface Change {
  readonly before: SessionRecord;
  readonly after: Stored;
}

/**
 * Changes by requests that had read a session before it got a new id. They are taken to the new id if
 * their order makes no difference. So a person who knows the old id can write nothing that was
 * impossible before the login, and overwrites nothing that was written since.
 */
export class LateChanges {
  readonly #entries: SessionEntries;

  constructor(entries: SessionEntries) {
    this.#entries = entries;
  }

  /**
   * Takes a change of the session with this old id to its new id. Returns whether it was kept.
   *
   * @param tombstone What the store holds under the old id.
   */
  async follow(
    sessionId: string,
    tombstone: Tombstone,
    change: Change,
    now: number,
  ): Promise<boolean> {
    const [successor, another] = tombstone.successors;
    // Two rotations at once have made two sessions, which share nothing from then on.
    if (successor === undefined || another !== undefined) return false;
    const isKept = await this.#apply(successor, change, now);
    if (isKept) await this.#carry(sessionId, tombstone, change.after);
    return isKept;
  }

  /** Applies the change to the session with this id, or to the next one if it got a new id as well. */
  async #apply(sessionId: string, change: Change, now: number): Promise<boolean> {
    const fate = await this.#entries.update(sessionId, undefined, now, (record) =>
      this.#join(change, record),
    );
    if (fate === "ended") return false;
    if ("saved" in fate) return true;
    const before = recordIn(fate.tombstone);
    if (!before) return false;
    const after = await this.#join(change, before);
    return after !== undefined && this.follow(sessionId, fate.tombstone, { before, after }, now);
  }

  /** Returns the record with the change, if their order makes no difference. */
  async #join({ before, after }: Change, record: SessionRecord): Promise<Stored | undefined> {
    const { adapt } = this.#entries;
    const base = await adapted(before, adapt);
    const theirs = await adapted(record, adapt);
    const data = mergeIndependent(base.data, after.payload.data, theirs.data, equal);
    const isChanged = after.payload.permanent !== base.permanent;
    const permanent = isChanged ? after.payload.permanent : theirs.permanent;
    return data && storedAs({ ...theirs, data, permanent });
  }

  /** A second rotation of the old id that has yet to be saved begins with what the tombstone carries. */
  async #carry(sessionId: string, tombstone: Tombstone, { text }: Stored): Promise<void> {
    const known = formatTombstone(tombstone);
    const carrying = { ...tombstone, carried: text };
    const put = await this.#entries.tombstoneOf(sessionId, carrying, tombstone);
    await this.#entries.store.update(sessionId, known, (current) => ({
      outcome: undefined,
      put: current === known ? put : undefined,
    }));
  }
}
