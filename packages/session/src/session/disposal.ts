/**
 * Makes the error of a failed save come out unwrapped. If redirect() or notFound() leaves an `await
 * using` scope and the save fails too, the compiled scope joins both errors into a SuppressedError,
 * whose message does not mention the session.
 *
 * The compiled scope passes its continuation to this promise's `then`, and that continuation throws the
 * joined error. So this is the one place to unwrap it. An engine that runs `await using` natively calls
 * no `then`, and the SuppressedError stays.
 */
export function disposal(saving: Promise<void>): Promise<void> {
  const then: Promise<void>["then"] = (onSaved, onFailed) =>
    Promise.prototype.then.call(saving, onSaved, onFailed && unwrapping(onFailed)) as never;
  // biome-ignore lint/suspicious/noThenProperty: a promise has one already
  return Object.defineProperty(saving, "then", { value: then });
}

function unwrapping(onFailed: (failure: unknown) => unknown) {
  return async (failure: unknown) => {
    try {
      return await onFailed(failure);
    } catch (thrown) {
      throw isJoined(thrown, failure) ? failure : thrown;
    }
  };
}

/** redirect() and notFound() throw errors with a digest. Any other error stays in the SuppressedError. */
function isJoined(thrown: unknown, failure: unknown): boolean {
  const { error, suppressed } = Object(thrown) as { error?: unknown; suppressed?: unknown };
  return error === failure && typeof Object(suppressed).digest === "string";
}
