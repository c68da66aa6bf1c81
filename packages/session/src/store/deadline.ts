import { SessionStoreError } from "../errors/errors.ts";
import type { Awaitable } from "../runtime/awaitable.ts";
import type { SessionStore } from "./store.ts";

/** After this many milliseconds, a busy store is asked again. */
const RETRY_AFTER = 25;

export type StoreOperation = Exclude<keyof SessionStore, "isBusy" | "reconnect">;

/**
 * The time that all store operations of one read or one save share. It is the machine's own time: a
 * test's clock must not keep a request waiting.
 */
export class Deadline {
  readonly #store: SessionStore;
  readonly #timeout: number;
  readonly #end: number;

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
    let cause: unknown;
    // An operation that starts too late would happen after its caller got an error. The timer of the
    // wait before this one may have ended up to a millisecond early.
    while (this.#left >= 1) {
      try {
        return await this.#inTime(operation, call);
      } catch (error) {
        if (error instanceof SessionStoreError) throw error;
        if (!this.#store.isBusy?.(error)) throw failure(operation, error);
        cause = error;
      }
      await pause(Math.min(RETRY_AFTER, this.#left));
    }
    throw this.#tooLate(operation, cause);
  }

  async #inTime<Answer>(operation: StoreOperation, call: () => Awaitable<Answer>): Promise<Answer> {
    const time = this.#left;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(this.#tooLate(operation));
        // If others have used up most of the time, the silence proves nothing.
        if (time >= this.#timeout / 2) this.#store.reconnect?.();
      }, time);
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

  #tooLate(operation: StoreOperation, cause?: unknown): SessionStoreError {
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
