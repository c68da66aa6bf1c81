import { SessionSerializationError } from "../../errors/errors.ts";
import { isPlainObject } from "../../runtime/plain-object.ts";
import { describeInstance, enter, type Key, type Place, refusal } from "../value-path.ts";
import {
  compareCodePoints,
  dumpPythonFloat,
  dumpPythonString,
  MAX_INTEGER_DIGITS,
  PythonFloat,
  parsePythonJson,
} from "./python-json.ts";

/*
 * The counterpart of flask.json.tag.TaggedJSONSerializer, as in Flask 1.0 and later:
 *
 *   {" d":"Thu, 01 Jan 1970 00:00:00 GMT"}   datetime, whole seconds
 *   {" b":"3q2+7w=="}                        bytes, base64
 *   {" t":[1,2]}                             tuple
 *   {" u":"12345678123456781234567812345678"}  UUID
 *   {" m":"<b>Hello</b>"}                    Markup
 *   {" di":{" t__":1}}                       a one-key dict whose key is one of these tags
 *
 * A tuple, a UUID, a Markup and a float such as 1.0 read as the plain array, string or number that
 * JavaScript has for them, and what they were is remembered beside the container that holds them.
 * A plain value can be rendered, compared, passed to a client component and kept in any other
 * format; a wrapper could not.
 */

/** What Python had where JavaScript has a plain string or number. */
type Kind = "float" | "uuid" | "markup";

/** What a container held, by key, that cannot be told from its values alone. */
class TypeHints {
  isTuple = false;
  #kinds?: Map<Key, { readonly kind: Kind; readonly value: unknown }>;
  #kindOfItem?: Map<unknown, Kind | undefined>;
  #children?: Map<Key, TypeHints>;

  get isPlain(): boolean {
    return !this.isTuple && !this.#kinds && !this.#children;
  }

  noteKind(key: Key, kind: Kind, value: unknown): void {
    this.#kinds ??= new Map();
    this.#kinds.set(key, { kind, value });
  }

  noteChild(key: Key, child: TypeHints): void {
    this.#children ??= new Map();
    this.#children.set(key, child);
  }

  /** Items change their index, so an array is also searched by value, unless two kinds share it. */
  noteItems(items: readonly unknown[]): void {
    if (!this.#kinds) return;
    this.#kindOfItem = new Map();
    for (const [index, item] of items.entries()) {
      const kind = this.#kinds.get(index)?.kind;
      const isShared = this.#kindOfItem.has(item) && this.#kindOfItem.get(item) !== kind;
      this.#kindOfItem.set(item, isShared ? undefined : kind);
    }
  }

  /** Of an unchanged value alone: what the user put in its place is what it looks like. */
  kindOf(key: Key, value: unknown): Kind | undefined {
    const noted = this.#kinds?.get(key);
    if (noted && Object.is(noted.value, value)) return noted.kind;
    return this.#kindOfItem?.get(value);
  }

  childAt(key: Key): TypeHints | undefined {
    return this.#children?.get(key);
  }
}

const hintsOf = new WeakMap<object, TypeHints>();

/**
 * A string that Flask shall read as a `uuid.UUID`, for `format: "flask"`. It reads back as a plain
 * string in the usual form with hyphens, and stays a UUID for Flask as long as it is not changed.
 *
 * @throws SessionSerializationError `ERR_SESSION_SERIALIZATION` for anything but 32 hexadecimal
 * digits, with or without hyphens.
 *
 * @example
 * session.basketId = new FlaskUuid(crypto.randomUUID());
 */
export class FlaskUuid {
  /** In lower case, with hyphens. */
  readonly text: string;

  constructor(text: string) {
    const canonical = canonicalUuid(text);
    if (!canonical) {
      throw new SessionSerializationError(
        "ERR_SESSION_SERIALIZATION",
        `${JSON.stringify(text)} is not a UUID. Give 32 hexadecimal digits, with or without hyphens.`,
      );
    }
    this.text = canonical;
  }

  toString(): string {
    return this.text;
  }

  toJSON(): string {
    return this.text;
  }
}

/**
 * HTML that Flask shall read as `markupsafe.Markup`, which Jinja renders without escaping it: never
 * make one from what a visitor sent. For `format: "flask"`. It reads back as a plain string, and
 * stays Markup for Flask as long as it is not changed; a changed one is escaped.
 *
 * @example
 * session.banner = new FlaskMarkup("<b>Welcome</b>");
 */
export class FlaskMarkup {
  readonly html: string;

  constructor(html: string) {
    this.html = html;
  }

  toString(): string {
    return this.html;
  }

  toJSON(): string {
    return this.html;
  }
}

/**
 * An array that Flask shall read as a tuple, for `format: "flask"`. It is a plain array, and so is
 * a tuple that Flask wrote; both stay tuples for Flask, also when their items change.
 *
 * @example
 * session.position = flaskTuple(52.52, 13.405);
 */
export function flaskTuple<Items extends unknown[]>(...items: Items): Items {
  const hints = new TypeHints();
  hints.isTuple = true;
  hintsOf.set(items, hints);
  return items;
}

/**
 * The value as Flask's TaggedJSONSerializer writes it: keys sorted by code point, no spaces,
 * everything but printable ASCII escaped. A safe integer is written as an int, any other number as
 * a float, a BigInt as an int; a Date loses its milliseconds, as a datetime does in Flask.
 *
 * `readFrom` is what {@link loadFlaskJson} gave, where the value is a changed copy of it.
 *
 * @throws SessionSerializationError naming the path of what Flask's format cannot keep.
 */
export function dumpFlaskJson(value: unknown, readFrom?: object): string {
  return dump(value, "session", undefined, readFrom && hintsOf.get(readFrom));
}

/**
 * What {@link dumpFlaskJson} or Flask wrote: plain objects and arrays, Date, Uint8Array, a number
 * for an int that is a safe integer and a BigInt for any other.
 *
 * @throws SyntaxError for a text that neither writes.
 */
export function loadFlaskJson(text: string): unknown {
  return load(parsePythonJson(text), "session", new TypeHints());
}

const REMEDY =
  "Flask's format keeps strings, finite numbers, BigInt, booleans, null, Date, Uint8Array, arrays, plain objects, FlaskUuid and FlaskMarkup: store one of these instead.";

function dump(
  value: unknown,
  key: Key,
  parent: Place | undefined,
  hints: TypeHints | undefined,
  kind?: Kind,
): string {
  switch (typeof value) {
    case "string":
      if (kind === "uuid") return dumpUuid(value);
      return kind === "markup" ? dumpMarkup(value) : dumpPythonString(value);
    case "number":
      if (kind === "float") return dumpPythonFloat(value);
      if (!Number.isFinite(value)) throw refusal(String(value), key, parent, REMEDY);
      return Number.isSafeInteger(value) && !Object.is(value, -0)
        ? String(value)
        : dumpPythonFloat(value);
    case "bigint":
      return dumpInteger(value, key, parent);
    case "boolean":
      return String(value);
    case "object":
      return value === null ? "null" : dumpObject(value, key, parent, hints);
    default:
      throw refusal(value === undefined ? "undefined" : `a ${typeof value}`, key, parent, REMEDY);
  }
}

function dumpObject(
  value: object,
  key: Key,
  parent: Place | undefined,
  inherited: TypeHints | undefined,
): string {
  const place = enter(value, key, parent);
  // A copy that took the place of what was read has no hints of its own.
  const hints = hintsOf.get(value) ?? inherited;

  if (Array.isArray(value)) {
    // Holes, and properties such as a RegExp match carries, would be gone after JSON.
    if (Object.keys(value).length !== value.length) {
      throw refusal("an array with holes or with properties of its own", key, parent, REMEDY);
    }
    const items = value.map((item, index) => dumpChild(item, index, place, hints));
    return hints?.isTuple ? `{" t":[${items}]}` : `[${items}]`;
  }
  if (isPlainObject(value)) return dumpRecord(value, place, hints);
  if (Object.getPrototypeOf(value) === Uint8Array.prototype)
    return `{" b":"${toBase64(value as Uint8Array)}"}`;
  if (value instanceof Date) return `{" d":"${httpDate(value, key, parent)}"}`;
  if (value instanceof FlaskUuid) return dumpUuid(value.text);
  if (value instanceof FlaskMarkup) return dumpMarkup(value.html);
  throw refusal(describeInstance(value), key, parent, REMEDY);
}

function dumpRecord(
  record: Record<string, unknown>,
  place: Place,
  hints: TypeHints | undefined,
): string {
  if (Object.getOwnPropertySymbols(record).length > 0) {
    throw refusal("an object with a symbol as a key", place.key, place.parent, REMEDY);
  }
  const keys = Object.keys(record).filter((key) => record[key] !== undefined);
  const [first = ""] = keys;
  const looksTagged = keys.length === 1 && isTag(first);
  const entries = keys.sort(compareCodePoints).map((key) => {
    const name = dumpPythonString(looksTagged ? `${key}__` : key);
    return `${name}:${dumpChild(record[key], key, place, hints)}`;
  });
  return looksTagged ? `{" di":{${entries}}}` : `{${entries}}`;
}

function dumpChild(value: unknown, key: Key, place: Place, hints: TypeHints | undefined): string {
  return dump(value, key, place, hints?.childAt(key), hints?.kindOf(key, value));
}

/** Flask would take the whole session for a forged one, and empty it. */
function dumpInteger(integer: bigint, key: Key, parent: Place | undefined): string {
  const text = String(integer);
  if (text.replace("-", "").length > MAX_INTEGER_DIGITS) {
    const remedy = `Python reads no more than ${MAX_INTEGER_DIGITS} digits: store it as a string.`;
    throw refusal(`a BigInt of ${text.length} digits`, key, parent, remedy);
  }
  return text;
}

function dumpUuid(text: string): string {
  return `{" u":"${text.replaceAll("-", "")}"}`;
}

function dumpMarkup(html: string): string {
  return `{" m":${dumpPythonString(html)}}`;
}

/** Flask cannot read back the years before 100: its date parser takes them for the 1900s or 2000s. */
function httpDate(date: Date, key: Key, parent: Place | undefined): string {
  const year = date.getUTCFullYear();
  if (Number.isNaN(year)) throw refusal("an invalid Date", key, parent, REMEDY);
  if (year < 100 || year > 9999) {
    throw refusal(`a Date in the year ${year}`, key, parent, "Flask keeps the years 100 to 9999.");
  }
  return date.toUTCString();
}

function load(raw: unknown, key: Key, parent: TypeHints): unknown {
  if (typeof raw !== "object" || raw === null) return raw;
  if (raw instanceof PythonFloat) {
    parent.noteKind(key, "float", raw.value);
    return raw.value;
  }
  if (Array.isArray(raw)) return loadItems(raw, key, parent, false);
  const record = raw as Record<string, unknown>;
  const keys = Object.keys(record);
  const [first = ""] = keys;
  return keys.length === 1 && isTag(first)
    ? untag(first, record[first], key, parent)
    : loadRecord(record, keys, key, parent);
}

function untag(tag: Tag, content: unknown, key: Key, parent: TypeHints): unknown {
  switch (tag) {
    case " d":
      return parseHttpDate(asString(content));
    case " b":
      return fromBase64(asString(content));
    case " t":
      if (!Array.isArray(content)) throw new SyntaxError("a tuple is not an array");
      return loadItems(content, key, parent, true);
    case " u": {
      const uuid = canonicalUuid(asString(content));
      if (!uuid) throw new SyntaxError("not a UUID");
      parent.noteKind(key, "uuid", uuid);
      return uuid;
    }
    case " m": {
      const html = asString(content);
      parent.noteKind(key, "markup", html);
      return html;
    }
    case " di": {
      const escaped = Object(content) as Record<string, unknown>;
      const [name = "", ...others] = Object.keys(escaped);
      if (!name.endsWith("__") || others.length > 0) throw new SyntaxError("not an escaped key");
      const unescaped = name.slice(0, -2);
      return loadRecord({ [unescaped]: escaped[name] }, [unescaped], key, parent);
    }
  }
}

function loadItems(items: unknown[], key: Key, parent: TypeHints, isTuple: boolean): unknown[] {
  const hints = new TypeHints();
  hints.isTuple = isTuple;
  for (const [index, item] of items.entries()) items[index] = load(item, index, hints);
  hints.noteItems(items);
  return remember(items, hints, key, parent);
}

function loadRecord(
  record: Record<string, unknown>,
  keys: readonly string[],
  key: Key,
  parent: TypeHints,
): Record<string, unknown> {
  const hints = new TypeHints();
  for (const name of keys) record[name] = load(record[name], name, hints);
  return remember(record, hints, key, parent);
}

function remember<Container extends object>(
  container: Container,
  hints: TypeHints,
  key: Key,
  parent: TypeHints,
): Container {
  if (!hints.isPlain) {
    hintsOf.set(container, hints);
    parent.noteChild(key, hints);
  }
  return container;
}

const TAGS = [" di", " t", " b", " m", " u", " d"] as const;
type Tag = (typeof TAGS)[number];

function isTag(key: string): key is Tag {
  return (TAGS as readonly string[]).includes(key);
}

function asString(content: unknown): string {
  if (typeof content !== "string") throw new SyntaxError("a tag without its text");
  return content;
}

function canonicalUuid(text: string): string | undefined {
  const uuid = /^([\da-f]{8})-?([\da-f]{4})-?([\da-f]{4})-?([\da-f]{4})-?([\da-f]{12})$/i;
  return uuid.exec(text)?.slice(1).join("-").toLowerCase();
}

function parseHttpDate(text: string): Date {
  const fields = /^\w{3}, (\d\d \w{3}) (\d{4}) (\d\d:\d\d:\d\d GMT)$/.exec(text);
  if (!fields) throw new SyntaxError("not an http date");
  const [, day, digits, time] = fields as unknown as [string, string, string, string];
  const year = Number(digits);
  // As Flask's own parser has it: what is written for `datetime.min` comes back as 2001.
  const century = year < 100 ? (year > 68 ? 1900 : 2000) : 0;
  const canonical = `${day} ${String(century + year).padStart(4, "0")} ${time}`;
  const date = new Date(canonical);
  // An engine may take the 31st of February for the 3rd of March; Flask does not.
  if (date.toUTCString().slice("Thu, ".length) !== canonical) throw new SyntaxError("no such date");
  return date;
}

function toBase64(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
