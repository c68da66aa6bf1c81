import { judgeAge, type Lifetime, remainingLifetime } from "../session/lifetime.ts";
import { mergeIndependent } from "../store/merge.ts";
import type { Decision, Put, RecordStore } from "../store/store.ts";
import { isEmpty } from "./home.ts";
import {
  formatRecord,
  formatTombstone,
  isTombstone,
  parseEntry,
  type SessionRecord,
  type Tombstone,
} from "./record.ts";
import {
  type Adapt,
  adapted,
  equal,
  replay,
  type Save,
  type Stored,
  storedAs,
} from "./stored-session.ts";

/** For how long an ended session is remembered, in seconds. No request should run longer than that. */
export const TOMBSTONE_LIFETIME = 60;

export interface SessionRecordsOptions {
  readonly lifetime: Lifetime;
  readonly adapt: Adapt;
}

/** What a save has put into the store, as data and as the record's content. */
export interface Saved extends Stored {
  readonly content: string;
}

/** What has become of a session that a change was made to. */
type Fate = { readonly saved: Saved } | { readonly tombstone: Tombstone } | "ended";

/** How the records of a store change, move to a new id and end. */
export class SessionRecords {
  readonly #records: RecordStore;
  readonly #options: SessionRecordsOptions;

  /** @param records With the time of one save. */
  constructor(records: RecordStore, options: SessionRecordsOptions) {
    this.#records = records;
    this.#options = options;
  }

  async set(sessionId: string, stored: Stored, now: number): Promise<string> {
    const { value, ttl } = this.#recordOf(sessionId, stored, now);
    await this.#records.set(sessionId, value, ttl);
    return value;
  }

  /** Sets the record of a session that comes from another home, if no other request has done so. */
  async begin(sessionId: string, stored: Stored, writtenAt: number): Promise<string | undefined> {
    const { value, ttl } = this.#recordOf(sessionId, stored, writtenAt);
    return (await this.#records.create(sessionId, value, ttl)) ? value : undefined;
  }

  /** Merges a change into what the store holds by now, or into the session under its new id. */
  async update(save: Save): Promise<{ saved: Saved } | { followed: Stored } | "ended"> {
    const { sessionId, content } = save.held;
    const fate = await this.#records.update<Fate>(sessionId, content, async (current) => {
      const entry = entryIn(current);
      if (!entry) return { outcome: "ended" };
      if (isTombstone(entry)) return { outcome: { tombstone: entry } };
      const stored = await replay(save, entry, this.#options.adapt);
      if (this.#isOver(entry, stored, save.now)) return { outcome: "ended" };
      return this.#saving(sessionId, stored, save.now);
    });
    if (!fate || fate === "ended") return "ended";
    if ("saved" in fate) return fate;
    const { carried, ended: writtenAt } = fate.tombstone;
    if (carried === undefined) return "ended";
    const before = { writtenAt, text: carried };
    const after = await replay(save, before, this.#options.adapt);
    const followed = await this.#follow(sessionId, fate.tombstone, before, after, save.now);
    return followed ? { followed: after } : "ended";
  }

  /**
   * Moves the session to a new id. If another request has moved it already, both new sessions live: the
   * browser keeps the cookie that arrives last. The old record is replaced last, so that no failure
   * before that loses the session.
   */
  async rotate(save: Save, newId: string): Promise<Saved | "ended"> {
    const { sessionId, content } = save.held;
    let isSet = false;
    const moved = await this.#records.update(sessionId, content, async (current) => {
      const entry = entryIn(current);
      const text = entry && (isTombstone(entry) ? entry.carried : entry.text);
      if (!entry || text === undefined) return { outcome: undefined };
      const from = isTombstone(entry) ? { writtenAt: entry.ended, text } : entry;
      const stored = await replay(save, from, this.#options.adapt);
      if (this.#isOver(from, stored, save.now)) return { outcome: undefined };
      // Without data there is nothing to move, and the browser gets no cookie for a new id.
      if (isEmpty(stored.payload)) {
        if (isSet) await this.end(newId, save.now);
        const put = isTombstone(entry) ? undefined : this.#recordOf(sessionId, stored, save.now);
        return { outcome: { saved: { ...stored, content: current }, siblings: [] }, put };
      }
      const saved = { ...stored, content: await this.set(newId, stored, save.now) };
      isSet = true;
      const siblings = isTombstone(entry) ? entry.successors : [];
      const ended = isTombstone(entry) ? entry.ended : save.now;
      const tombstone = { ended, successors: [...siblings, newId], carried: text };
      return { outcome: { saved, siblings }, put: this.#tombstoneOf(sessionId, tombstone) };
    });
    if (moved && !(await this.#someHasEnded(moved.siblings))) return moved.saved;
    if (isSet) await this.end(newId, save.now);
    return "ended";
  }

  /**
   * Ends the session, and those that continue it. A new one that shares no data with it has taken its
   * place, perhaps beside others of that kind: two logins at once that each began with `clear()`.
   */
  async replace(sessionId: string, successor: string, now: number): Promise<void> {
    await this.#records.update(sessionId, undefined, async (current) => {
      const entry = entryIn(current);
      if (!entry) return { outcome: undefined };
      const others = isTombstone(entry) ? entry.successors : [];
      if (isTombstone(entry) && others.length === 0) return { outcome: undefined };
      const isContinued = isTombstone(entry) && entry.carried !== undefined;
      if (isContinued) for (const other of others) await this.end(other, now);
      const successors = isContinued ? [successor] : [...others, successor];
      const put = this.#tombstoneOf(sessionId, { ended: now, successors });
      return { outcome: undefined, put };
    });
  }

  /** Ends the session, and those that have taken its place. */
  async end(sessionId: string, now: number, isElsewhere = false): Promise<void> {
    await this.#records.update(sessionId, undefined, async (current) => {
      const entry = entryIn(current);
      if (!entry) return { outcome: undefined };
      const successors = isTombstone(entry) ? entry.successors : [];
      if (isTombstone(entry) && successors.length === 0) return { outcome: undefined };
      for (const successor of successors) await this.end(successor, now);
      const tombstone = { ended: now, successors: [], ...(isElsewhere && { isElsewhere }) };
      return { outcome: undefined, put: this.#tombstoneOf(sessionId, tombstone) };
    });
  }

  /**
   * Takes a change to the new id whose request had read the session before the rotation, if the order of
   * the two makes no difference. So a person who knows the old id can write nothing that was impossible
   * before the login, and overwrites nothing that was written since.
   */
  async #follow(
    sessionId: string,
    tombstone: Tombstone,
    before: SessionRecord,
    after: Stored,
    now: number,
  ): Promise<boolean> {
    const [successor, another] = tombstone.successors;
    if (successor === undefined || another !== undefined) return false;
    const { adapt } = this.#options;
    const base = await adapted(before, adapt);
    const onto = async (record: SessionRecord): Promise<Stored | undefined> => {
      const theirs = await adapted(record, adapt);
      const data = mergeIndependent(base.data, after.payload.data, theirs.data, equal);
      const isChanged = after.payload.permanent !== base.permanent;
      const permanent = isChanged ? after.payload.permanent : theirs.permanent;
      return data && storedAs({ ...theirs, data, permanent });
    };
    const fate = await this.#records.update<Fate>(successor, undefined, async (current) => {
      const entry = entryIn(current);
      if (!entry) return { outcome: "ended" };
      if (isTombstone(entry)) return { outcome: { tombstone: entry } };
      const stored = await onto(entry);
      if (!stored || this.#isOver(entry, stored, now)) return { outcome: "ended" };
      return this.#saving(successor, stored, now);
    });
    if (!fate || fate === "ended") return false;
    if ("tombstone" in fate && !(await this.#followOn(successor, fate.tombstone, onto, now))) {
      return false;
    }
    // A second rotation that has yet to be saved begins with what the old id held.
    const known = formatTombstone(tombstone);
    await this.#records.update(sessionId, known, (current) => {
      const put = { ...tombstone, carried: after.text };
      const isKnown = current === known;
      return { outcome: undefined, put: isKnown ? this.#tombstoneOf(sessionId, put) : undefined };
    });
    return true;
  }

  /** The session under the new id has been rotated as well. */
  async #followOn(
    sessionId: string,
    tombstone: Tombstone,
    onto: (record: SessionRecord) => Promise<Stored | undefined>,
    now: number,
  ): Promise<boolean> {
    const { carried, ended: writtenAt } = tombstone;
    if (carried === undefined) return false;
    const before = { writtenAt, text: carried };
    const after = await onto(before);
    return after !== undefined && this.#follow(sessionId, tombstone, before, after, now);
  }

  /** Has one of these sessions been logged out, under this id or a later one? */
  async #someHasEnded(sessionIds: readonly string[]): Promise<boolean> {
    for (const sessionId of sessionIds) {
      const content = await this.#records.get(sessionId);
      const entry = content === undefined ? undefined : entryIn(content);
      if (!entry) return true;
      if (!isTombstone(entry)) continue;
      if (entry.successors.length === 0 || (await this.#someHasEnded(entry.successors)))
        return true;
    }
    return false;
  }

  #saving(sessionId: string, stored: Stored, now: number): Decision<Fate> {
    const put = this.#recordOf(sessionId, stored, now);
    return { outcome: { saved: { ...stored, content: put.value } }, put };
  }

  /** An expired session has ended, even if the store still holds it. */
  #isOver({ writtenAt }: SessionRecord, { payload: { createdAt } }: Stored, now: number): boolean {
    const age = { issuedAt: now, writtenAt, createdAt };
    return judgeAge(age, now, this.#options.lifetime) !== undefined;
  }

  /**
   * A session that has lost its last key is kept empty for a while, so that the changes of running
   * requests are kept.
   */
  #recordOf(sessionId: string, { payload, text }: Stored, now: number): Put {
    const { createdAt } = payload;
    // Some stores take 0 for "for ever", and some for an error.
    const lasting = Math.max(1, remainingLifetime(createdAt, now, this.#options.lifetime));
    const seconds = isEmpty(payload) ? this.#tombstoneLifetime(sessionId) : lasting;
    return { value: formatRecord({ writtenAt: now, text }), ttl: seconds * 1000 };
  }

  #tombstoneOf(sessionId: string, tombstone: Tombstone): Put {
    const ttl = this.#tombstoneLifetime(sessionId) * 1000;
    return { value: formatTombstone(tombstone), ttl, isFinal: true };
  }

  #tombstoneLifetime(sessionId: string): number {
    return isFromCookie(sessionId) ? this.#options.lifetime.permanentLifetime : TOMBSTONE_LIFETIME;
  }
}

/**
 * Did the session come from a cookie that held its data? That cookie stays valid until it expires, so
 * the store has to remember until then that the session has ended.
 */
function isFromCookie(sessionId: string): boolean {
  return sessionId.includes(":cookie:");
}

/** `undefined` if something else wrote under the session's keys, such as a newer release. */
export function entryIn(content: string): SessionRecord | Tombstone | undefined {
  try {
    return parseEntry(content);
  } catch {
    return undefined;
  }
}
