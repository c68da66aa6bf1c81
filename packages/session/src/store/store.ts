import { SessionStoreError } from "../errors/errors.ts";
import type { Awaitable } from "../runtime/awaitable.ts";
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
}

/** Opens the store when the first session is asked for: once in each instance of the app's module. */
export type OpenStore = () => Awaitable<SessionStore>;

export interface Change {
  /** None: the record is to go. */
  readonly value: string | undefined;
  /** Milliseconds. */
  readonly ttl: number;
}

/** By the machine's own time, in milliseconds: a test's clock must not keep a request waiting. */
type Deadline = number;

/** A store that answers in time or throws a SessionStoreError, and never asks for longer. */
export class RecordStore {
  readonly #store: SessionStore;
  readonly #timeout: number;

  /** @param timeout Milliseconds, for all that one read or one save asks of the store. */
  constructor(store: SessionStore, timeout: number) {
    this.#store = store;
    this.#timeout = timeout;
  }

  get(key: string): Promise<string | undefined> {
    return this.#get(key, this.#deadline());
  }

  set(key: string, value: string, ttl: number): Promise<void> {
    return this.#set(key, value, ttl, this.#deadline());
  }

  async delete(key: string): Promise<void> {
    const deadline = this.#deadline();
    // In turn, so that no save of this process which is under way sets it again.
    await oneAtATime(key, () => this.#ask("delete", deadline, () => this.#store.delete(key)));
  }

  /**
   * Replaces a record by what `change` makes of it, which is asked again where another was faster.
   * Answers whether there was a record: there may be none any more, and then none is made.
   *
   * Atomic between all processes if the store has `compareAndSet`, else within this one.
   *
   * @param known What the record was when last seen.
   */
  update(
    key: string,
    known: string,
    change: (current: string) => Awaitable<Change>,
  ): Promise<boolean> {
    const deadline = this.#deadline();
    return oneAtATime(key, async () => {
      // What was seen will do where the store can tell that it is stale, and saves asking.
      let current = this.#store.compareAndSet ? known : await this.#get(key, deadline);
      while (current !== undefined) {
        const { value, ttl } = await change(current);
        if (await this.#replace(key, current, value, ttl, deadline)) return true;
        current = await this.#get(key, deadline);
      }
      return false;
    });
  }

  async #replace(
    key: string,
    current: string,
    value: string | undefined,
    ttl: number,
    deadline: Deadline,
  ): Promise<boolean> {
    const store = this.#store;
    if (store.compareAndSet) {
      const swap = () => store.compareAndSet?.(key, current, value, ttl);
      return (await this.#ask("compareAndSet", deadline, swap)) === true;
    }
    if (value === undefined) await this.#ask("delete", deadline, () => store.delete(key));
    else await this.#set(key, value, ttl, deadline);
    return true;
  }

  async #get(key: string, deadline: Deadline): Promise<string | undefined> {
    const value = await this.#ask("get", deadline, () => this.#store.get(key));
    if (value === undefined || value === null) return undefined;
    if (typeof value === "string") return value;
    throw failure("get", new TypeError(`get() gave ${typeof value}, where it was given a string`));
  }

  async #set(key: string, value: string, ttl: number, deadline: Deadline): Promise<void> {
    const answer = await this.#ask("set", deadline, () => this.#store.set(key, value, ttl));
    if (answer === false) throw failure("set", new Error("set() answered false"));
  }

  async #ask<Answer>(
    operation: keyof SessionStore,
    deadline: Deadline,
    call: () => Awaitable<Answer>,
  ): Promise<Answer> {
    const left = deadline - performance.now();
    // An operation that starts too late would happen after its caller got an error. The timer of the
    // wait before this one may have ended up to a millisecond early.
    if (left < 1) throw tooLate(operation, this.#timeout);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(tooLate(operation, this.#timeout)), left);
    });
    try {
      return await Promise.race([call(), late]);
    } catch (cause) {
      throw cause instanceof SessionStoreError ? cause : failure(operation, cause);
    } finally {
      clearTimeout(timer);
    }
  }

  #deadline(): Deadline {
    return performance.now() + this.#timeout;
  }
}

function failure(operation: keyof SessionStore, cause: unknown): SessionStoreError {
  return new SessionStoreError(
    "ERR_SESSION_STORE",
    `The session store failed at ${operation}(); its own error is the cause of this one. Nothing was half-written and nobody is logged out: the request can be tried again when the store is back.`,
    { cause },
  );
}

function tooLate(operation: keyof SessionStore, timeout: number): SessionStoreError {
  return new SessionStoreError(
    "ERR_SESSION_STORE_TIMEOUT",
    `The session store did not answer within ${timeout / 1000} seconds, last at ${operation}(). See that it can be reached and keeps up; the option \`storeTimeout\` says how long to wait.`,
  );
}
