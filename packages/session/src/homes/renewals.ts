import { dumpPayload, loadPayload } from "../formats/payload.ts";
import { processGlobal } from "../runtime/process-global.ts";
import type { Renew } from "../session/binding.ts";
import { objectsIn } from "../store/merge.ts";
import type { RecordStore } from "../store/store.ts";
import { LEASE_TIME, type Lease, leaseOn, withLease, withoutLease } from "./leases.ts";
import { entryIn, isTombstone, recordIn, type SessionRecord } from "./record.ts";
import { SessionEntries, type SessionEntriesOptions } from "./session-entries.ts";
import { SessionRecords } from "./session-records.ts";
import {
  adapted,
  equal,
  type Stored,
  type StoredSession,
  saveOf,
  storedAs,
} from "./stored-session.ts";

export interface RenewalsOptions extends SessionEntriesOptions {
  readonly store: RecordStore;
  /** Unix time in seconds. */
  now(): number;
}

/** What a request finds that wants to renew a value. */
type Turn =
  /** Another request has renewed it. */
  | { readonly renewed: Stored }
  /** Another request is renewing it. */
  | { readonly taken: Lease }
  /** It is this request's turn. */
  | { readonly own: Stored; readonly content: string }
  /** The session got a new id before the value was renewed. */
  | "moved"
  | "ended";

/** After this many milliseconds, a request that waits for another one looks again. */
const POLL_INTERVAL = 50;

/** Lets one request renew a value of a session, while the others wait for what it stores. */
export class Renewals {
  readonly #options: RenewalsOptions;

  constructor(options: RenewalsOptions) {
    this.#options = options;
  }

  /**
   * Returns the session's serialized payload with the renewed value, or `undefined` if the session has
   * ended.
   *
   * @param held The session as the request knows it. If the store has another value, that is the renewed one.
   */
  async renew(held: StoredSession, key: string, renew: Renew): Promise<string | undefined> {
    const running = processGlobal("renewals", () => new Map<string, Promise<string | undefined>>());
    const name = JSON.stringify([held.sessionId, key]);
    for (;;) {
      const other = running.get(name);
      if (!other) {
        const own = this.#renewAmongProcesses(held, key, renew).finally(() => running.delete(name));
        running.set(name, own);
        return own;
      }
      const text = await other;
      if (text === undefined || !equal(valueIn(text, key), valueIn(held.text, key))) return text;
    }
  }

  /** In each process, one request at a time gets here for one value of one session. */
  async #renewAmongProcesses(
    held: StoredSession,
    key: string,
    renew: Renew,
  ): Promise<string | undefined> {
    const owner = crypto.randomUUID();
    let othersUntil = 0;
    for (;;) {
      const lease = { key, owner, until: Date.now() + LEASE_TIME };
      const turn = await this.#takeTurn(held, lease);
      // Who renews a value of a session that gets a new id stores it under the old one as well.
      if (turn === "ended" || (turn === "moved" && Date.now() > othersUntil)) return undefined;
      if (turn !== "moved") {
        if ("renewed" in turn) return turn.renewed.text;
        if ("own" in turn) {
          const { own, content } = turn;
          const objects = objectsIn(own.payload.data);
          const seen = { ...held, ...own, content, isComplete: true, objects };
          return this.#renewAndStore(seen, lease, renew);
        }
        othersUntil = turn.taken.until;
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL));
    }
  }

  async #takeTurn({ sessionId, text }: StoredSession, lease: Lease): Promise<Turn> {
    const entries = this.#entries();
    const before = valueIn(text, lease.key);
    const read = async (record: SessionRecord) => {
      const stored = storedAs(await adapted(record, entries.adapt));
      return { stored, isRenewed: !equal(stored.payload.data[lease.key], before) };
    };
    const turn = await entries.store.update<Turn>(sessionId, undefined, async (current) => {
      const entry = entryIn(current);
      const record = entry && recordIn(entry);
      if (!record) return { outcome: "ended" };
      const { stored, isRenewed } = await read(record);
      if (isTombstone(entry)) return { outcome: isRenewed ? { renewed: stored } : "moved" };
      if (entries.isOver(entry, stored.payload, this.#options.now())) return { outcome: "ended" };
      if (isRenewed) return { outcome: { renewed: stored } };
      const taken = leaseOn(entry.leases, lease.key);
      if (taken) return { outcome: { taken } };
      const leases = withLease(entry.leases, lease);
      const put = await entries.recordOf(sessionId, { ...stored, leases }, entry.writtenAt, entry);
      return { outcome: { own: stored, content: put.value }, put };
    });
    return turn ?? "ended";
  }

  async #renewAndStore(
    held: StoredSession,
    lease: Lease,
    renew: Renew,
  ): Promise<string | undefined> {
    try {
      const { payload } = held;
      const value = await inTime(renew);
      const changed = { ...payload, data: { ...payload.data, [lease.key]: value } };
      const issuedAt = this.#options.now();
      const change = {
        held,
        payload: changed,
        text: dumpPayload(changed),
        renewal: undefined,
        issuedAt,
      };
      const records = new SessionRecords(this.#options.store.begin(), this.#options);
      const fate = await records.update(saveOf(held, change), lease);
      if (fate === "ended") return undefined;
      return "saved" in fate ? fate.saved.text : fate.followed.text;
    } catch (error) {
      // If this fails too, the lease's time runs out.
      await this.#giveUp(held.sessionId, lease).catch(() => {});
      throw error;
    }
  }

  async #giveUp(sessionId: string, lease: Lease): Promise<void> {
    const entries = this.#entries();
    await entries.store.update(sessionId, undefined, async (current) => {
      const entry = entryIn(current);
      if (!entry || isTombstone(entry)) return { outcome: undefined };
      const payload = loadPayload(entry.text);
      const stored = { payload, text: entry.text, leases: withoutLease(entry.leases, lease) };
      const put = await entries.recordOf(sessionId, stored, entry.writtenAt, entry);
      return { outcome: undefined, put };
    });
  }

  #entries(): SessionEntries {
    return new SessionEntries(this.#options.store.begin(), this.#options);
  }
}

/** @throws the signal's TimeoutError if this takes longer than its lease lasts */
async function inTime(renew: Renew): Promise<unknown> {
  const signal = AbortSignal.timeout(LEASE_TIME);
  const late = new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  return Promise.race([renew(signal), late]);
}

function valueIn(text: string, key: string): unknown {
  const { data } = loadPayload(text);
  return Object.hasOwn(data, key) ? data[key] : undefined;
}
