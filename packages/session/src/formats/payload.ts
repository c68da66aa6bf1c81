import { base64UrlToBytes, bytesToBase64Url } from "#primitives";
import { isPlainObject, isPlainPrototype } from "../runtime/plain-object.ts";
import type { Payload } from "./codec.ts";
import { describeInstance, enter, type Key, type Place, refusal } from "./value-path.ts";

/*
 * JSON. Values that JSON lacks become one-key objects, as in Flask's TaggedJSONSerializer. Their key
 * is the tag, a space and a letter:
 *
 *   {" d":1700000000123}   Date, milliseconds since 1970
 *   {" b":"3q2-7w"}        Uint8Array, base64url
 *   {" n":"12"}            BigInt, decimal
 *   {" m":[["a",1]]}       Map
 *   {" s":[1,2]}           Set
 *   {" -":0}               negative zero
 *
 * A one-key object of the user whose key begins with a space gets one space more when it is written,
 * and loses it when it is read. So no data can pass for a tag. Two tags around the whole hold what
 * belongs to the session itself:
 *
 *   {" p":{…}}             a permanent session
 *   {" c":[1700000000,{…}]} the session began at this Unix time (seconds)
 */

const REMEDY =
  "It keeps strings, finite numbers, booleans, null, Date, Uint8Array, BigInt, Map, Set, arrays and plain objects: store one of these instead.";

/** @throws SessionSerializationError with the path of a value that cannot be kept exactly. */
export function dumpPayload({ data, permanent, createdAt }: Payload): string {
  let content = toTagged(data, "session");
  if (createdAt !== undefined) content = { " c": [createdAt, content] };
  if (permanent) content = { " p": content };
  return JSON.stringify(content);
}

/** @throws if {@link dumpPayload} cannot have written this text. */
export function loadPayload(text: string): Payload {
  let content: unknown = JSON.parse(text);
  let permanent = false;
  if (isTagged(content, " p")) {
    permanent = true;
    content = content[" p"];
  }
  let createdAt: number | undefined;
  if (isTagged(content, " c")) {
    [createdAt, content] = content[" c"] as [number, unknown];
    if (!Number.isSafeInteger(createdAt) || createdAt < 0) {
      throw new SyntaxError("the session's beginning is not a time");
    }
  }
  // Only a key can put a space after `{"`, because quotes inside strings are escaped.
  const data = text.includes('{" ') ? fromTagged(content) : content;
  if (!isPlainObject(data)) throw new SyntaxError("the payload is not an object");
  return { data, permanent, createdAt };
}

function toTagged(value: unknown, key: Key, parent?: Place): unknown {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      if (!Number.isFinite(value)) throw refusal(String(value), key, parent, REMEDY);
      return Object.is(value, -0) ? { " -": 0 } : value;
    case "bigint":
      return { " n": String(value) };
    case "object":
      return value === null ? null : objectToTagged(value, key, parent);
    default:
      throw refusal(value === undefined ? "undefined" : `a ${typeof value}`, key, parent, REMEDY);
  }
}

function objectToTagged(value: object, key: Key, parent?: Place): unknown {
  const place = enter(value, key, parent);
  const prototype = Object.getPrototypeOf(value);
  if (
    Array.isArray(value) &&
    (prototype === Array.prototype || isPlainPrototype(Object.getPrototypeOf(prototype)))
  ) {
    // JSON would drop holes, and properties such as those of a RegExp match.
    if (Object.keys(value).length !== value.length) {
      throw refusal("an array with holes or with properties of its own", key, parent, REMEDY);
    }
    return itemsToTagged(value, place);
  }
  if (isPlainPrototype(prototype)) return recordToTagged(value as Record<string, unknown>, place);
  if (prototype === Uint8Array.prototype) return { " b": bytesToBase64Url(value as Uint8Array) };
  if (prototype === Set.prototype)
    return { " s": itemsToTagged([...(value as Set<unknown>)], place) };
  if (prototype === Map.prototype) {
    const entries = [...(value as Map<unknown, unknown>)].map(([of, item]) => [
      toTagged(of, { of }, place),
      toTagged(item, { of }, place),
    ]);
    return { " m": entries };
  }
  if (value instanceof Date) {
    const milliseconds = value.getTime();
    if (Number.isNaN(milliseconds)) throw refusal("an invalid Date", key, parent, REMEDY);
    return { " d": milliseconds };
  }
  throw refusal(describeInstance(value), key, parent, REMEDY);
}

// Both return their input if nothing in it needs a tag, so most sessions are written without a copy.

function itemsToTagged(items: readonly unknown[], place: Place): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (let index = 0; index < items.length; index++) {
    const tagged = toTagged(items[index], index, place);
    if (tagged !== items[index]) {
      copy ??= [...items];
      copy[index] = tagged;
    }
  }
  return copy ?? items;
}

function recordToTagged(record: Record<string, unknown>, place: Place): Record<string, unknown> {
  if (Object.getOwnPropertySymbols(record).length > 0) {
    throw refusal("an object with a symbol as a key", place.key, place.parent, REMEDY);
  }
  let copy: Record<string, unknown> | undefined;
  let present = 0;
  let lastKey = "";
  for (const key of Object.keys(record)) {
    const value = record[key];
    if (value === undefined) continue;
    present++;
    lastKey = key;
    const tagged = toTagged(value, key, place);
    if (tagged !== value) {
      // The spread copies `__proto__` as an own property, and the assignment below keeps it one.
      copy ??= { ...record };
      copy[key] = tagged;
    }
  }
  const content = copy ?? record;
  return present === 1 && lastKey.startsWith(" ") ? { [` ${lastKey}`]: content[lastKey] } : content;
}

function fromTagged(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(fromTagged);
  const record = value as Record<string, unknown>;
  const keys = Object.keys(record);
  const [first = ""] = keys;
  if (keys.length === 1 && first.startsWith(" ")) {
    const content = record[first];
    return first.startsWith("  ")
      ? { [first.slice(1)]: fromTagged(content) }
      : untag(first, content);
  }
  for (const key of keys) record[key] = fromTagged(record[key]);
  return record;
}

function untag(tag: string, content: unknown): unknown {
  switch (tag) {
    case " d":
      return new Date(content as number);
    case " b":
      return base64UrlToBytes(content as string);
    case " n":
      return BigInt(content as string);
    case " m":
      return new Map(
        (fromTagged(content) as [unknown, unknown][]).map(([key, item]) => [key, item]),
      );
    case " s":
      return new Set(fromTagged(content) as unknown[]);
    case " -":
      return -0;
    default:
      throw new SyntaxError(`there is no tag ${JSON.stringify(tag)}`);
  }
}

function isTagged<Tag extends string>(value: unknown, tag: Tag): value is Record<Tag, unknown> {
  return isPlainObject(value) && Object.hasOwn(value, tag) && Object.keys(value).length === 1;
}
