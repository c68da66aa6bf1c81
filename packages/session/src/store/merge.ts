import { isPlainObject } from "../runtime/plain-object.ts";

type Data = Record<string, unknown>;

export type Equal = (a: unknown, b: unknown) => boolean;

/**
 * Three-way merge by path through plain objects: what `mine` changed since `base`, put into `theirs`.
 * All other values (arrays, Maps, Sets, …) are taken whole. Where both changed one value, mine wins;
 * an object that they deleted stays deleted, whatever I changed inside it: of a user who has been
 * logged out no half may come back.
 */
export function merge(base: Data, mine: Data, theirs: Data, equal: Equal): Data {
  const merged = new Map<string, unknown>();
  for (const key of new Set([...Object.keys(theirs), ...Object.keys(mine)])) {
    const value = mergeValue(own(base, key), own(mine, key), own(theirs, key), equal);
    if (value !== undefined) merged.set(key, value);
  }
  return Object.fromEntries(merged);
}

function mergeValue(base: unknown, mine: unknown, theirs: unknown, equal: Equal): unknown {
  if (equal(mine, base)) return theirs;
  if (equal(theirs, base) || !isPlainObject(mine)) return mine;
  if (isPlainObject(theirs)) return merge(isPlainObject(base) ? base : {}, mine, theirs, equal);
  return isPlainObject(base) && theirs === undefined ? undefined : mine;
}

/** `__proto__` and `constructor` are data like any other key, and absent unless they are own. */
function own(data: Data, key: string): unknown {
  return Object.hasOwn(data, key) ? data[key] : undefined;
}
