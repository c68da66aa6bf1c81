import type { Awaitable } from "../runtime/awaitable.ts";
import { Deadline, failure } from "./deadline.ts";
import { oneAtATime } from "./locks.ts";

/**
 * What keeps sessions on the server: a `Keyv`, or anything else with these methods, each of which
 * may answer at once or by a promise and must **throw or reject when it fails**. `next-signed-session/testing`
 * has `storeContract`, the tests that any store must pass.
 *
 * Values are text. A store that several processes write to should have {@link compareAndSet}: without
 * it, two of them that change one session at the very same moment can lose one change.
 *
 * @example
 * const store: SessionStore = {
 *   get: (key) => db.value("SELECT value FROM sessions WHERE key = $1 AND expires > now()", [key]),
 *   set: (key, value, ttl) => db.run("INSERT … ON CONFLICT …", [key, value, ttl]),
 *   delete: (key) => db.run("DELETE FROM sessions WHERE key = $1", [key]),
 * };
 */
export interface SessionStore {
  /** The value, or `undefined` or `null` where there is none (any more). */
  get(key: string): unknown;
  /** Sets the value, for `ttl` **milliseconds** from now. To answer `false` is to fail. */
  set(key: string, value: string, ttl: number): unknown;
  /** Removes the value, if there is one. */
  delete(key: string): unknown;
  /**
   * In one atomic step: where the value is `expected`, sets `value` for `ttl` milliseconds, or
   * removes it where `value` is `undefined`. Answers whether it was.
   */
  compareAndSet?(
    key: string,
    expected: string,
    value: string | undefined,
    ttl: number,
  ): Awaitable<boolean>;
  /**
   * Does this error, which one of the methods above has thrown, say that nothing was done and that the
   * store can be asked again, as when another process has locked it? The package then asks again until
   * `storeTimeout` is over. Other requests are served meanwhile.
   *
   * @example
   * isBusy: (error) => error instanceof DatabaseError && error.code === "40001",
   */
  isBusy?(error: unknown): boolean;
  /**
   * Drops the connection, so that the next operation opens another one. It is called when an operation
   * got no answer within `storeTimeout`: the other end may be gone without a word.
   */
  reconnect?(): void;
  /**
   * Makes `member` one of the group's members, for `ttl` **milliseconds** from now. A member that is added
   * again has its time from then on. The option `userOf` needs this and the two methods below:
   * the sessions of one user are a group.
   */
  addMember?(group: string, member: string, ttl: number): unknown;
  /** Removes the member, if the group has it. */
  removeMember?(group: string, member: string): unknown;
  /** The members whose time is not over, in any order. */
  membersOf?(group: string): Awaitable<readonly string[]>;
}

/** A store whose changes are atomic between all processes. */
export type AtomicSessionStore = SessionStore & Required<Pick<SessionStore, "compareAndSet">>;

/** A store that the option `userOf` can use. */
export type GroupSessionStore = SessionStore &
  Required<Pick<SessionStore, "addMember" | "removeMember" | "membersOf">>;

export function hasGroups(store: SessionStore): store is GroupSessionStore {
  return Boolean(store.addMember && store.removeMember && store.membersOf);
}

/** Opens the store when the first session is asked for: once in each instance of the app's module. */
export type OpenStore = () => Awaitable<SessionStore>;

/** What to do with a record, and the result for the caller. */
export interface Decision<Outcome> {
  readonly outcome: Outcome;
  /** Without it, the record stays as it is. */
  readonly put?: Put | undefined;
}

export interface Put {
  readonly value: string;
  /** Milliseconds. */
  readonly ttl: number;
  /** Must no running save replace it? A tombstone is final. */
  readonly isFinal?: boolean;
  /** The group that the record's key becomes a member of, before the record is written. */
  readonly joins?: string | undefined;
  /** The group that the record's key is removed from, after the record was written. */
  readonly leaves?: string | undefined;
}

/** A store that answers in time or throws a SessionStoreError, and never asks for longer. */
export class RecordStore {
  readonly #store: SessionStore;
  readonly #timeout: number;
  readonly #begun: Deadline | undefined;

  /** @param timeout Milliseconds, for all that one read or one save asks of the store. */
  constructor(store: SessionStore, timeout: number, begun?: Deadline) {
    this.#store = store;
    this.#timeout = timeout;
    this.#begun = begun;
  }

  /** The same store for one save: all its calls share one timeout. */
  begin(): RecordStore {
    return new RecordStore(this.#store, this.#timeout, this.#deadline());
  }

  get(key: string): Promise<string | undefined> {
    return this.#getEntry(key, this.#deadline());
  }

  async set(key: string, put: Put): Promise<void> {
    const deadline = this.#deadline();
    await this.#join(key, put, deadline);
    await this.#set(key, put, deadline);
  }

  /**
   * Sets a record if there is none, and returns whether there was none. Atomic within this process
   * only: a {@link SessionStore} has no such call.
   */
  create(key: string, put: Put): Promise<boolean> {
    const deadline = this.#deadline();
    return oneAtATime(key, async () => {
      if ((await this.#getEntry(key, deadline)) !== undefined) return false;
      await this.#join(key, put, deadline);
      await this.#set(key, put, deadline);
      return true;
    });
  }

  /**
   * Replaces a record by what `decide` makes of it. If another save is faster, `decide` is asked again.
   * Returns the outcome, or `undefined` if there is no record any more: it never creates one.
   *
   * Atomic between all processes if the store has `compareAndSet`, else within this one.
   *
   * @param known What the record was when last seen, if it was.
   */
  update<Outcome>(
    key: string,
    known: string | undefined,
    decide: (current: string) => Awaitable<Decision<Outcome>>,
  ): Promise<Outcome | undefined> {
    const deadline = this.#deadline();
    return oneAtATime(key, async () => {
      // A store that can compare notices when this is stale. That saves a read.
      let current = this.#store.compareAndSet ? known : undefined;
      current ??= await this.#getEntry(key, deadline);
      while (current !== undefined) {
        const { outcome, put } = await decide(current);
        if (!put) return outcome;
        await this.#join(key, put, deadline);
        if (await this.#replace(key, current, put, deadline)) {
          await this.#leave(key, put, deadline);
          return outcome;
        }
        current = await this.#getEntry(key, deadline);
      }
      return undefined;
    });
  }

  async membersOf(group: string): Promise<readonly string[]> {
    const list = () => this.#store.membersOf?.(group) ?? [];
    return this.#deadline().ask("membersOf", list);
  }

  /** A key is a member before its record is there, so that no record is ever missed. */
  async #join(key: string, { joins, ttl }: Put, deadline: Deadline): Promise<void> {
    if (joins === undefined) return;
    await deadline.ask("addMember", () => this.#store.addMember?.(joins, key, ttl));
  }

  /** The change has been made, so a failure here is none of the caller's: a member's time runs out. */
  async #leave(key: string, { leaves }: Put, deadline: Deadline): Promise<void> {
    if (leaves === undefined) return;
    const remove = () => this.#store.removeMember?.(leaves, key);
    await deadline.ask("removeMember", remove).catch(() => {});
  }

  async #replace(key: string, current: string, put: Put, deadline: Deadline): Promise<boolean> {
    const { value, ttl, isFinal } = put;
    const store = this.#store;
    if (store.compareAndSet) {
      const swap = () => store.compareAndSet?.(key, current, value, ttl);
      return (await deadline.ask("compareAndSet", swap)) === true;
    }
    // A final value has a key of its own, where no other process can overwrite it. It is set before the
    // record is removed, and a save looks for it after setting the record: one of the two sees the other.
    const remove = () => deadline.ask("delete", () => store.delete(key));
    if (isFinal) {
      await this.#set(finalKey(key), put, deadline);
      await remove();
      return true;
    }
    await this.#set(key, put, deadline);
    if ((await this.#get(finalKey(key), deadline)) === undefined) return true;
    await remove();
    return false;
  }

  async #getEntry(key: string, deadline: Deadline): Promise<string | undefined> {
    const value = await this.#get(key, deadline);
    if (value !== undefined || this.#store.compareAndSet) return value;
    return this.#get(finalKey(key), deadline);
  }

  async #get(key: string, deadline: Deadline): Promise<string | undefined> {
    const value = await deadline.ask("get", () => this.#store.get(key));
    if (value === undefined || value === null) return undefined;
    if (typeof value === "string") return value;
    throw failure("get", new TypeError(`get() gave ${typeof value}, where it was given a string`));
  }

  async #set(key: string, { value, ttl }: Put, deadline: Deadline): Promise<void> {
    const answer = await deadline.ask("set", () => this.#store.set(key, value, ttl));
    if (answer === false) throw failure("set", new Error("set() answered false"));
  }

  #deadline(): Deadline {
    return this.#begun ?? new Deadline(this.#store, this.#timeout);
  }
}

function finalKey(key: string): string {
  return `${key}:ended`;
}
