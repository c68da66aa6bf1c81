export type Awaitable<T> = T | Promise<T>;

/**
 * `await` for the hot path: a value that is there already is used at once. `node:crypto` returns
 * values where WebCrypto returns promises. Each promise costs a tenth of a signature, and more in
 * Next, which tracks every one of them.
 */
export function whenReady<Value, Result>(
  value: Awaitable<Value>,
  next: (value: Value) => Awaitable<Result>,
): Awaitable<Result> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** `Promise.all` that returns the values at once if none of them is a promise. */
export function allReady<Value>(values: readonly Awaitable<Value>[]): Awaitable<readonly Value[]> {
  return values.some((value) => value instanceof Promise)
    ? Promise.all(values)
    : (values as readonly Value[]);
}

/** Loads at the first call. Later calls get the value at once. After a failure the next call tries again. */
export function loadOnce<Value>(load: () => Promise<Value>): () => Awaitable<Value> {
  let loaded: Awaitable<Value> | undefined;
  return () => {
    loaded ??= load().then(
      (value) => {
        loaded = value;
        return value;
      },
      (error) => {
        loaded = undefined;
        throw error;
      },
    );
    return loaded;
  };
}
