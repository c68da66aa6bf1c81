import { isPlainObject } from "../runtime/plain-object.ts";

type Data = Record<string, unknown>;

export type Equal = (a: unknown, b: unknown) => boolean;

/** The plain objects in some data by their keys, each with the objects inside it. */
export type Objects = ReadonlyMap<string, { readonly object: object; readonly inner: Objects }>;

/** The keys whose objects are still those that the request got, each with the keys inside it. */
export type InPlace = ReadonlyMap<string, InPlace>;

export function objectsIn(data: Data): Objects {
  let objects: Map<string, { object: object; inner: Objects }> | undefined;
  for (const key of Object.keys(data)) {
    const object = data[key];
    if (!isPlainObject(object)) continue;
    objects ??= new Map();
    objects.set(key, { object, inner: objectsIn(object) });
  }
  return objects ?? NONE;
}

/** The same objects, after another value was put under this key. */
export function withObject(objects: Objects, key: string, value: unknown): Objects {
  const changed = new Map(objects);
  changed.delete(key);
  if (isPlainObject(value)) changed.set(key, { object: value, inner: objectsIn(value) });
  return changed;
}

/** An object that was changed in place is still the one that the request got. */
export function changedInPlace(handedOut: Objects, data: Data): InPlace {
  const inPlace = new Map<string, InPlace>();
  for (const [key, { object, inner }] of handedOut) {
    if (own(data, key) === object) inPlace.set(key, changedInPlace(inner, object as Data));
  }
  return inPlace;
}

/**
 * Repeats what a request did since it read `base`, now on `theirs`, which others have stored meanwhile.
 *
 * - A value that it set, or a key that it deleted, is set or deleted.
 * - An object that it changed in place is merged key by key. If others have deleted the object, it
 *   stays deleted.
 * - An object that it assigned is taken whole. Two objects are only joined if this request and the
 *   others did nothing but add different keys to the object that was there (or to none).
 *
 * So every outcome is that of the requests in the order of their saves.
 */
export function merge(base: Data, mine: Data, theirs: Data, inPlace: InPlace, equal: Equal): Data {
  const merged = new Map<string, unknown>();
  for (const key of new Set([...Object.keys(theirs), ...Object.keys(mine)])) {
    const before = own(base, key);
    const value = mergeValue(before, own(mine, key), own(theirs, key), inPlace.get(key), equal);
    if (value !== undefined) merged.set(key, value);
  }
  return Object.fromEntries(merged);
}

function mergeValue(
  base: unknown,
  mine: unknown,
  theirs: unknown,
  inPlace: InPlace | undefined,
  equal: Equal,
): unknown {
  if (inPlace && isPlainObject(mine)) {
    if (!isPlainObject(theirs) || !isPlainObject(base)) return theirs;
    return merge(base, mine, theirs, inPlace, equal);
  }
  if (!isPlainObject(mine)) return equal(mine, base) ? theirs : mine;
  return (isPlainObject(theirs) && joined(base, mine, theirs, equal)) || mine;
}

/** Both objects as one, if both only added keys to what was there, and not the same keys. */
function joined(base: unknown, mine: Data, theirs: Data, equal: Equal): Data | undefined {
  if (base !== undefined && !isPlainObject(base)) return undefined;
  const before = base ?? {};
  const isKept = (key: string) =>
    equal(own(mine, key), own(before, key)) && equal(own(theirs, key), own(before, key));
  const agree = (key: string) => !Object.hasOwn(theirs, key) || equal(mine[key], theirs[key]);
  if (!Object.keys(before).every(isKept) || !Object.keys(mine).every(agree)) return undefined;
  return { ...theirs, ...mine };
}

/**
 * The changes of both to `base`, if their order makes no difference: each key was changed by one of
 * them only, or both only added different keys to the object that was there.
 */
export function mergeIndependent(
  base: Data,
  mine: Data,
  theirs: Data,
  equal: Equal,
): Data | undefined {
  const merged = new Map<string, unknown>();
  for (const key of new Set([...Object.keys(theirs), ...Object.keys(mine)])) {
    const [before, my, their] = [own(base, key), own(mine, key), own(theirs, key)];
    let value = equal(my, before) ? their : my;
    if (!equal(my, before) && !equal(their, before) && !equal(my, their)) {
      if (!isPlainObject(before) || !isPlainObject(my) || !isPlainObject(their)) return undefined;
      value = joined(before, my, their, equal);
      if (value === undefined) return undefined;
    }
    if (value !== undefined) merged.set(key, value);
  }
  return Object.fromEntries(merged);
}

const NONE: Objects = new Map();

/** `__proto__` and `constructor` are data like any other key, and absent unless they are own. */
function own(data: Data, key: string): unknown {
  return Object.hasOwn(data, key) ? data[key] : undefined;
}
