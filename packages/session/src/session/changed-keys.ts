import type { Payload } from "../formats/codec.ts";

/** The keys of the data that were changed, added or removed. */
export function changedKeys(
  before: Payload,
  now: Payload,
  serialize: (payload: Payload) => string,
): string[] {
  const textOf = ({ data, typeHints }: Payload, key: string) => {
    // hasOwn, because every object inherits a `toString`.
    const one = Object.hasOwn(data, key) ? { [key]: data[key] } : {};
    return serialize({ data: one, permanent: false, typeHints });
  };
  const keys = new Set([...Object.keys(before.data), ...Object.keys(now.data)]);
  return [...keys].filter((key) => textOf(before, key) !== textOf(now, key));
}
