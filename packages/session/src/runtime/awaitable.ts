export type Awaitable<T> = T | Promise<T>;

/**
 * `await` for the hot path: it does not wait for what is already there. `node:crypto` answers at once
 * where WebCrypto answers by a promise, and each promise that need not be costs as much as a tenth of
 * a signature, and more in Next, which follows every one of them.
 */
export function whenReady<Value, Result>(
  value: Awaitable<Value>,
  next: (value: Value) => Awaitable<Result>,
): Awaitable<Result> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** `Promise.all`, which does not wait where all are there. */
export function allReady<Value>(values: readonly Awaitable<Value>[]): Awaitable<readonly Value[]> {
  return values.some((value) => value instanceof Promise)
    ? Promise.all(values)
    : (values as readonly Value[]);
}
