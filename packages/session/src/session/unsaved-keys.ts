import type { Payload } from "../formats/codec.ts";
import type { Renewal, SessionBinding } from "./binding.ts";

/** What a session has that no save has taken. */
export interface UnsavedChange {
  readonly binding: SessionBinding;
  readonly before: Payload;
  readonly now: Payload;
  readonly renewal: Renewal | undefined;
}

/** The keys whose change would be lost, in silence, if the session were dropped now. */
export function unsavedKeys(change: UnsavedChange | undefined): string[] {
  if (!change) return [];
  const { before, now, renewal } = change;
  const changed = changedKeys(change);
  if (before.permanent !== now.permanent) changed.push("permanent");
  if (renewal) changed.push(`${renewal}()`);
  return changed;
}

/** The keys of the data that were changed, added or removed. */
function changedKeys({ binding, before, now }: UnsavedChange): string[] {
  const textOf = ({ data, typeHints }: Payload, key: string) => {
    // hasOwn, because every object inherits a `toString`.
    const one = Object.hasOwn(data, key) ? { [key]: data[key] } : {};
    return binding.serialize({ data: one, permanent: false, typeHints });
  };
  const keys = new Set([...Object.keys(before.data), ...Object.keys(now.data)]);
  return [...keys].filter((key) => textOf(before, key) !== textOf(now, key));
}
