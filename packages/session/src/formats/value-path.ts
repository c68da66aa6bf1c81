import { SessionSerializationError } from "../errors/errors.ts";

const MAX_DEPTH = 200;

/** A key of an object, an index of an array, or a key of a Map, which may be any value. */
export type Key = string | number | { readonly of: unknown };

/** A container that is being serialized, with its ancestors: for a value's path, and to find cycles. */
export interface Place {
  readonly parent?: Place | undefined;
  readonly key: Key;
  readonly value: object;
  readonly depth: number;
}

/**
 * @param weight How many levels this container counts for.
 * @throws SessionSerializationError if the containers form a cycle or are nested too deep.
 */
export function enter(
  value: object,
  key: Key,
  parent?: Place,
  maxDepth = MAX_DEPTH,
  weight = 1,
): Place {
  const depth = parent ? parent.depth + weight : 0;
  if (depth > maxDepth) {
    throw refusal(`nested more than ${maxDepth} levels deep`, key, parent, "Flatten it.");
  }
  for (let above = parent; above; above = above.parent) {
    if (above.value === value) {
      throw refusal("part of a cycle", key, parent, "Store the id of what it points back to.");
    }
  }
  return { parent, key, value, depth };
}

export function refusal(
  found: string,
  key: Key,
  parent: Place | undefined,
  remedy: string,
): SessionSerializationError {
  return new SessionSerializationError(
    "ERR_SESSION_SERIALIZATION",
    `${pathOf(key, parent)} is ${found}, which a session cannot keep exactly. ${remedy}`,
  );
}

function pathOf(key: Key, parent?: Place): string {
  if (!parent) return String(key);
  const start = pathOf(parent.key, parent.parent);
  if (typeof key === "object") return `${start}.get(${mapKey(key.of)})`;
  if (typeof key === "number") return `${start}[${key}]`;
  return /^[a-z$_][\w$]*$/i.test(key) ? `${start}.${key}` : `${start}[${JSON.stringify(key)}]`;
}

/** A name or a number, like the keys of objects and arrays. Any other key can be data. */
function mapKey(key: unknown): string {
  return typeof key === "string" || typeof key === "number" ? JSON.stringify(key) : "…";
}

export function describeInstance(value: object): string {
  const name = value.constructor?.name || "class without a name";
  // "a URL", "a Uint16Array": hardly any class name starts with the u of "umbrella".
  return `${/^[aeio]/i.test(name) ? "an" : "a"} ${name}`;
}
