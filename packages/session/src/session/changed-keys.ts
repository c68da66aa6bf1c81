import type { Payload } from "../formats/codec.ts";

/** The keys of the data whose values differ, were added or are gone. */
export function changedKeys(
  before: Payload,
  now: Payload,
  serialize: (payload: Payload) => string,
): string[] {
  const textOf = ({ data, typeHints }: Payload, key: string) => {
    // Without hasOwn, `toString` would be found in any session.
    const one = Object.hasOwn(data, key) ? { [key]: data[key] } : {};
    return serialize({ data: one, permanent: false, typeHints });
  };
  const keys = new Set([...Object.keys(before.data), ...Object.keys(now.data)]);
  return [...keys].filter((key) => textOf(before, key) !== textOf(now, key));
}
