import type { Key } from "../value-path.ts";
import { PythonFloat, parsePythonJson } from "./python-json.ts";
import { canonicalUuid, fromBase64, parseHttpDate, type Tag, tagOf } from "./tags.ts";
import { PLAIN, PLAIN_TUPLE, rememberHints, TypeHints } from "./type-hints.ts";

/**
 * What `dumpFlaskJson` or Flask wrote: plain objects and arrays, Date, Uint8Array, a number for an int
 * that is a safe integer and a BigInt for any other.
 *
 * @throws SyntaxError for a text that neither writes.
 */
export function loadFlaskJson(text: string): unknown {
  return new Loader(true).load(parsePythonJson(text), "session", new TypeHints());
}

/** The same without Flask's tags: JSON as Python's `json.dumps` writes it. */
export function loadPythonJson(text: string): unknown {
  return new Loader(false).load(parsePythonJson(text), "session", new TypeHints());
}

/** Makes JavaScript values of parsed JSON, in place, and notes what they were in Python. */
class Loader {
  readonly #hasTags: boolean;

  constructor(hasTags: boolean) {
    this.#hasTags = hasTags;
  }

  load(raw: unknown, key: Key, parent: TypeHints): unknown {
    if (Object.is(raw, -0)) parent.note(key, "float", raw);
    if (typeof raw !== "object" || raw === null) return raw;
    if (raw instanceof PythonFloat) {
      parent.note(key, "float", raw.value);
      return raw.value;
    }
    if (Array.isArray(raw)) return this.#items(raw, key, parent, false);
    const record = raw as Record<string, unknown>;
    const keys = Object.keys(record);
    const tag = this.#hasTags ? tagOf(keys) : undefined;
    return tag
      ? this.#untagged(tag, record[tag], key, parent)
      : this.#record(record, keys, key, parent);
  }

  #untagged(tag: Tag, content: unknown, key: Key, parent: TypeHints): unknown {
    switch (tag) {
      case " d":
        return parseHttpDate(asString(content));
      case " b":
        return fromBase64(asString(content));
      case " t":
        if (!Array.isArray(content)) throw new SyntaxError("a tuple is not an array");
        return this.#items(content, key, parent, true);
      case " u": {
        const uuid = canonicalUuid(asString(content));
        if (!uuid) throw new SyntaxError("not a UUID");
        parent.note(key, "uuid", uuid);
        return uuid;
      }
      case " m": {
        const html = asString(content);
        parent.note(key, "markup", html);
        return html;
      }
      case " di": {
        const escaped = Object(content) as Record<string, unknown>;
        const [name = "", ...others] = Object.keys(escaped);
        if (!name.endsWith("__") || others.length > 0) throw new SyntaxError("not an escaped key");
        const unescaped = name.slice(0, -2);
        return this.#record({ [unescaped]: escaped[name] }, [unescaped], key, parent);
      }
    }
  }

  #items(items: unknown[], key: Key, parent: TypeHints, isTuple: boolean): unknown[] {
    const hints = new TypeHints(isTuple);
    for (const [index, item] of items.entries()) items[index] = this.load(item, index, hints);
    if (!hints.isEmpty) hints.noteItems(items);
    return remember(items, hints, key, parent);
  }

  #record(
    record: Record<string, unknown>,
    keys: readonly string[],
    key: Key,
    parent: TypeHints,
  ): Record<string, unknown> {
    const hints = new TypeHints();
    for (const name of keys) record[name] = this.load(record[name], name, hints);
    return remember(record, hints, key, parent);
  }
}

/** A plain container is remembered as well, or it would become a tuple where a tuple was. */
function remember<Container extends object>(
  container: Container,
  own: TypeHints,
  key: Key,
  parent: TypeHints,
): Container {
  const hints = own.isEmpty ? (own.isTuple ? PLAIN_TUPLE : PLAIN) : own;
  rememberHints(container, hints);
  if (hints !== PLAIN) parent.note(key, hints, container);
  return container;
}

function asString(content: unknown): string {
  if (typeof content !== "string") throw new SyntaxError("a tag without its text");
  return content;
}
