import { isPlainObject } from "../../runtime/plain-object.ts";
import { describeInstance, enter, type Key, type Place, refusal } from "../value-path.ts";
import { hintsOfItems } from "./item-hints.ts";
import {
  compareCodePoints,
  dumpPythonFloat,
  dumpPythonString,
  MAX_INTEGER_DIGITS,
} from "./python-json.ts";
import { tagOf, toBase64 } from "./tags.ts";
import { type Hint, type Kind, rememberedHints, type TypeHints } from "./type-hints.ts";
import { FlaskMarkup, FlaskUuid } from "./values.ts";

/**
 * The value as Flask's TaggedJSONSerializer writes it: keys sorted by code point, no spaces,
 * everything but printable ASCII escaped. A safe integer is written as an int, any other number as
 * a float, a BigInt as an int; a Date loses its milliseconds, as a datetime does in Flask.
 *
 * `readFrom` is what `loadFlaskJson` gave, where the value is a changed copy of it.
 *
 * @throws SessionSerializationError naming the path of what Flask's format cannot keep.
 */
export function dumpFlaskJson(value: unknown, readFrom?: object): string {
  return dumpWith(FLASK, value, readFrom);
}

/** As Python's `json.dumps` writes it: no tags, keys in their order, spaces between. */
export function dumpPythonJson(value: unknown, readFrom?: object): string {
  return dumpWith(PLAIN_JSON, value, readFrom);
}

function dumpWith(dialect: Dialect, value: unknown, readFrom: object | undefined): string {
  const hints = readFrom && rememberedHints(readFrom);
  return new Dumper(dialect).dump(value, "session", undefined, hints);
}

interface Dialect {
  readonly hasTags: boolean;
  readonly comma: string;
  readonly colon: string;
  readonly remedy: string;
}

const FLASK: Dialect = {
  hasTags: true,
  comma: ",",
  colon: ":",
  remedy:
    "Flask's format keeps strings, finite numbers, BigInt, booleans, null, Date, Uint8Array, arrays, plain objects, FlaskUuid and FlaskMarkup: store one of these instead.",
};
const PLAIN_JSON: Dialect = {
  hasTags: false,
  comma: ", ",
  colon: ": ",
  remedy:
    "Starlette's format is JSON, which keeps strings, finite numbers, BigInt, booleans, null, arrays and plain objects: store one of these instead.",
};

/**
 * How many containers may lie within each other. At Python's default recursion limit Flask writes 325
 * lists or dicts, or 244 tuples. It answers with an error where it cannot read or rewrite what we
 * wrote.
 */
const NESTING = { most: 325, ofTuple: 1.33 };

class Dumper {
  readonly #dialect: Dialect;

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  dump(value: unknown, key: Key, parent: Place | undefined, hint: Hint | undefined): string {
    const kind = typeof hint === "string" ? hint : undefined;
    switch (typeof value) {
      case "string":
        return dumpText(value, kind);
      case "number":
        if (kind === "float") return dumpPythonFloat(value);
        if (!Number.isFinite(value)) throw this.#refusal(String(value), key, parent);
        return Number.isSafeInteger(value) && !Object.is(value, -0)
          ? String(value)
          : dumpPythonFloat(value);
      case "bigint":
        return dumpInteger(value, key, parent);
      case "boolean":
        return String(value);
      case "object":
        if (value === null) return "null";
        return this.#object(value, key, parent, typeof hint === "object" ? hint : undefined);
      default:
        throw this.#refusal(value === undefined ? "undefined" : `a ${typeof value}`, key, parent);
    }
  }

  #object(
    value: object,
    key: Key,
    parent: Place | undefined,
    inherited: TypeHints | undefined,
  ): string {
    // A copy that took the place of what was read has no hints of its own.
    const hints = rememberedHints(value) ?? inherited;
    if (Array.isArray(value)) return this.#array(value, key, parent, hints);
    if (isPlainObject(value)) return this.#record(value, key, parent, hints);
    const text = this.#dialect.hasTags ? dumpInstance(value, key, parent) : undefined;
    if (text === undefined) throw this.#refusal(describeInstance(value), key, parent);
    return text;
  }

  #array(
    items: readonly unknown[],
    key: Key,
    parent: Place | undefined,
    hints: TypeHints | undefined,
  ): string {
    const isTuple = this.#dialect.hasTags && hints?.isTuple === true;
    const place = enter(items, key, parent, NESTING.most, isTuple ? NESTING.ofTuple : 1);
    // Holes, and properties such as a RegExp match carries, would be gone after JSON.
    if (Object.keys(items).length !== items.length) {
      throw this.#refusal("an array with holes or with properties of its own", key, parent);
    }
    const hintsByIndex = hints ? hintsOfItems(hints, items) : [];
    const texts = items
      .map((item, index) => this.dump(item, index, place, hintsByIndex[index]))
      .join(this.#dialect.comma);
    return isTuple ? `{" t":[${texts}]}` : `[${texts}]`;
  }

  #record(
    record: Record<string, unknown>,
    key: Key,
    parent: Place | undefined,
    hints: TypeHints | undefined,
  ): string {
    const place = enter(record, key, parent, NESTING.most);
    if (Object.getOwnPropertySymbols(record).length > 0) {
      throw this.#refusal("an object with a symbol as a key", key, parent);
    }
    const { hasTags, comma, colon } = this.#dialect;
    const names = Object.keys(record).filter((name) => record[name] !== undefined);
    const looksTagged = hasTags && tagOf(names) !== undefined;
    if (hasTags) names.sort(compareCodePoints);
    const entries = names
      .map((name) => {
        const value = record[name];
        const text = this.dump(value, name, place, hints?.ofKey(name, value));
        return `${dumpPythonString(looksTagged ? `${name}__` : name)}${colon}${text}`;
      })
      .join(comma);
    return looksTagged ? `{" di":{${entries}}}` : `{${entries}}`;
  }

  #refusal(found: string, key: Key, parent: Place | undefined) {
    return refusal(found, key, parent, this.#dialect.remedy);
  }
}

/** What Flask has a tag for; nothing for any other object. */
function dumpInstance(value: object, key: Key, parent: Place | undefined): string | undefined {
  if (Object.getPrototypeOf(value) === Uint8Array.prototype) {
    return `{" b":"${toBase64(value as Uint8Array)}"}`;
  }
  if (value instanceof Date) return `{" d":"${dumpHttpDate(value, key, parent)}"}`;
  if (value instanceof FlaskUuid) return dumpText(value.text, "uuid");
  if (value instanceof FlaskMarkup) return dumpText(value.html, "markup");
  return undefined;
}

function dumpText(text: string, kind: Kind | undefined): string {
  if (kind === "uuid") return `{" u":"${text.replaceAll("-", "")}"}`;
  return kind === "markup" ? `{" m":${dumpPythonString(text)}}` : dumpPythonString(text);
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

/** Flask cannot read back the years before 100: its date parser takes them for the 1900s or 2000s. */
function dumpHttpDate(date: Date, key: Key, parent: Place | undefined): string {
  const year = date.getUTCFullYear();
  if (Number.isNaN(year)) throw refusal("an invalid Date", key, parent, FLASK.remedy);
  if (year < 100 || year > 9999) {
    throw refusal(`a Date in the year ${year}`, key, parent, "Flask keeps the years 100 to 9999.");
  }
  return date.toUTCString();
}
