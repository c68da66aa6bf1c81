import type { SessionStore } from "./store.ts";

export type StoreOperation = Exclude<keyof SessionStore, "isBusy" | "reconnect">;

/** Operations that wait for a busy store, one behind the other. */
class Line {
  #last: Promise<unknown> | undefined;

  get isEmpty(): boolean {
    return this.#last === undefined;
  }

  /** Runs the task after all that have joined before. */
  join<Result>(task: () => Promise<Result>): Promise<Result> {
    const result = (this.#last ?? Promise.resolve()).then(task);
    const settled = result
      .catch(() => {})
      .then(() => {
        if (this.#last === settled) this.#last = undefined;
      });
    this.#last = settled;
    return result;
  }
}

const lines = new WeakMap<SessionStore, { readonly reading: Line; readonly writing: Line }>();

/**
 * The store's line for such operations. Without it, a later one could take each chance. What is locked
 * for writing can often be read.
 */
export function lineOf(store: SessionStore, operation: StoreOperation): Line {
  const own = lines.get(store) ?? { reading: new Line(), writing: new Line() };
  lines.set(store, own);
  return operation === "get" || operation === "membersOf" ? own.reading : own.writing;
}
