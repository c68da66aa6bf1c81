import { dumpPayload } from "../formats/payload.ts";
import { entryIn, isTombstone, type Tombstone } from "./record.ts";
import type { SessionEntries } from "./session-entries.ts";

/** A request that had read the session before may go on with nothing of it. */
const NOTHING = dumpPayload({ data: {}, permanent: false });

/** How sessions end. No running request brings one back. */
export class SessionEnds {
  readonly #entries: SessionEntries;

  constructor(entries: SessionEntries) {
    this.#entries = entries;
  }

  /** Ends the session, and those that have taken its place. */
  async end(sessionId: string, now: number, isElsewhere = false): Promise<void> {
    await this.#entries.store.update(sessionId, undefined, async (current) => {
      const entry = entryIn(current);
      if (!entry) return { outcome: undefined };
      const successors = isTombstone(entry) ? entry.successors : [];
      if (isTombstone(entry) && successors.length === 0) return { outcome: undefined };
      for (const successor of successors) await this.end(successor, now);
      const tombstone = { ended: now, successors: [], ...(isElsewhere && { isElsewhere }) };
      const put = await this.#entries.tombstoneOf(sessionId, tombstone, entry);
      return { outcome: undefined, put };
    });
  }

  /**
   * Ends the session if it is in this group, and also those in the group that have taken its place.
   *
   * @param except The id of a session that goes on.
   */
  async endInGroup(
    sessionId: string,
    group: string,
    except: string | undefined,
    now: number,
  ): Promise<void> {
    if (sessionId === except) return;
    const entries = this.#entries;
    const successors = await entries.store.update(sessionId, undefined, async (current) => {
      const entry = entryIn(current);
      if (!entry) return { outcome: [] };
      const { successors } = isTombstone(entry) ? entry : { successors: [] };
      if ((await entries.users?.inEntry(entry)) !== group) return { outcome: successors };
      const tombstone = isTombstone(entry)
        ? { ...entry, carried: NOTHING }
        : { ended: now, successors };
      return { outcome: successors, put: await entries.tombstoneOf(sessionId, tombstone, entry) };
    });
    for (const successor of successors ?? []) await this.endInGroup(successor, group, except, now);
  }

  /**
   * Ends the session, and those that continue it. A new one that shares no data with it has taken its
   * place, perhaps beside others of that kind: two logins at once that each began with `clear()`.
   */
  async replace(sessionId: string, successor: string, now: number): Promise<void> {
    await this.#entries.store.update(sessionId, undefined, async (current) => {
      const entry = entryIn(current);
      if (!entry) return { outcome: undefined };
      const others = isTombstone(entry) ? entry.successors : [];
      if (isTombstone(entry) && others.length === 0) return { outcome: undefined };
      const isContinued = isTombstone(entry) && entry.carried !== undefined;
      if (isContinued) for (const other of others) await this.end(other, now);
      const successors = isContinued ? [successor] : [...others, successor];
      const tombstone: Tombstone = { ended: now, successors };
      const put = await this.#entries.tombstoneOf(sessionId, tombstone, entry);
      return { outcome: undefined, put };
    });
  }

  /** Has one of these sessions been logged out, under this id or a later one? */
  async someHasEnded(sessionIds: readonly string[]): Promise<boolean> {
    for (const sessionId of sessionIds) {
      const content = await this.#entries.store.get(sessionId);
      const entry = content === undefined ? undefined : entryIn(content);
      if (!entry) return true;
      if (!isTombstone(entry)) continue;
      if (entry.successors.length === 0 || (await this.someHasEnded(entry.successors))) return true;
    }
    return false;
  }
}
