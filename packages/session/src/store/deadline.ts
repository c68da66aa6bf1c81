import { SessionStoreError } from "../errors/errors.ts";
import type { Awaitable } from "../runtime/awaitable.ts";
import { lineOf, type StoreOperation } from "./line.ts";
import type { SessionStore } from "./store.ts";

/** After this many milliseconds, a busy store is asked again. */
const RETRY_AFTER = 25;

/**
 * The time that all store operations of one read or one save share. It is the machine's own time: a
 * test's clock must not keep a request waiting.
 */
export class Deadline {
  readonly #store: SessionStore;
  readonly #timeout: number;
  readonly #end: number;
  #busyError: unknown;

  /** @param timeout Milliseconds from now. */
  constructor(store: SessionStore, timeout: number) {
    this.#store = store;
    this.#timeout = timeout;
    this.#end = performance.now() + timeout;
  }

  /**
   * The store's answer. A busy store is asked again for as long as there is time.
   *
   * @throws SessionStoreError (`ERR_SESSION_STORE`, `ERR_SESSION_STORE_TIMEOUT`)
   */
  async ask<Answer>(operation: StoreOperation, call: () => Awaitable<Answer>): Promise<Answer> {
    const line = lineOf(this.#store, operation);
    if (line.isEmpty) {
      const result = await this.#try(operation, call);
      if (result) return result.answer;
    }
    return this.#inTime(operation, () => line.join(() => this.#tryAgain(operation, call)));
  }

  async #tryAgain<Answer>(
    operation: StoreOperation,
    call: () => Awaitable<Answer>,
  ): Promise<Answer> {
    for (;;) {
      const result = await this.#try(operation, call);
      if (result) return result.answer;
      await pause(Math.min(RETRY_AFTER, this.#left));
    }
  }

  /** `undefined` if the store is busy. */
  async #try<Answer>(
    operation: StoreOperation,
    call: () => Awaitable<Answer>,
  ): Promise<{ answer: Answer } | undefined> {
    const time = this.#left;
    // An operation that starts too late would happen after its caller got an error. The timer of the
    // wait before this one may have ended up to a millisecond early.
    if (time < 1) throw this.#tooLate(operation);
    try {
      // If others have used up most of the time, the silence proves nothing.
      const whenLate = () => time >= this.#timeout / 2 && this.#store.reconnect?.();
      return { answer: await this.#inTime(operation, call, whenLate) };
    } catch (error) {
      if (error instanceof SessionStoreError) throw error;
      if (!this.#store.isBusy?.(error)) throw failure(operation, error);
      this.#busyError = error;
      return undefined;
    }
  }

  async #inTime<Answer>(
    operation: StoreOperation,
    call: () => Awaitable<Answer>,
    whenLate?: () => unknown,
  ): Promise<Answer> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(this.#tooLate(operation));
        whenLate?.();
      }, this.#left);
    });
    try {
      return await Promise.race([call(), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  get #left(): number {
    return this.#end - performance.now();
  }

  #tooLate(operation: StoreOperation): SessionStoreError {
    const cause = this.#busyError;
    return new SessionStoreError(
      "ERR_SESSION_STORE_TIMEOUT",
      `The session store did not answer within ${this.#timeout / 1000} seconds, last at ${operation}(). See that it can be reached and keeps up; the option \`storeTimeout\` says how long to wait.`,
      cause === undefined ? {} : { cause },
    );
  }
}

export function failure(operation: StoreOperation, cause: unknown): SessionStoreError {
  return new SessionStoreError(
    "ERR_SESSION_STORE",
    `The session store failed at ${operation}(); its own error is the cause of this one. Nothing was half-written and nobody is logged out: the request can be tried again when the store is back.`,
    { cause },
  );
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
