/*
 * JSON as Python's `json` module reads and writes it. The notation distinguishes an int from a float, an
 * int has no upper bound, and NaN, Infinity and -Infinity are numbers.
 */

/** A float that would pass for an int as a JavaScript number (1.0), or for no number at all. */
export class PythonFloat {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** How many containers may lie within each other: as many as Python's own reader takes. */
const MAX_NESTING = 990;
/** Python's own bound on turning text into an int, against the quadratic time that takes. */
export const MAX_INTEGER_DIGITS = 4300;

const SPACE = /[ \t\n\r]*/y;
/** What stands for itself, as nearly every string does. */
const PLAIN_STRING = /"([ !#-[\]-\uffff]*)"/y;
const PLAIN_ASCII = /^[ !#-[\]-~]*$/;
const NUMBER = /(-?(?:0|[1-9][0-9]*))(\.[0-9]+)?([eE][-+]?[0-9]+)?/y;
const LITERALS = new Map<string, unknown>([
  ["null", null],
  ["true", true],
  ["false", false],
  ["NaN", new PythonFloat(Number.NaN)],
  ["Infinity", new PythonFloat(Number.POSITIVE_INFINITY)],
  ["-Infinity", new PythonFloat(Number.NEGATIVE_INFINITY)],
]);

/**
 * An int comes as a number where it is a safe integer and as a BigInt beyond, a float as a number
 * or, where a number could not show it, as a {@link PythonFloat}.
 *
 * @throws SyntaxError for what Python's reader refuses.
 */
export function parsePythonJson(text: string): unknown {
  let at = 0;

  const fail = () => new SyntaxError(`not JSON at character ${at}`);

  const skipSpace = () => {
    if (text.charCodeAt(at) > 0x20) return;
    SPACE.lastIndex = at;
    SPACE.test(text);
    at = SPACE.lastIndex;
  };

  const accept = (character: string): boolean => {
    skipSpace();
    if (text[at] !== character) return false;
    at++;
    return true;
  };

  const expect = (character: string) => {
    if (!accept(character)) throw fail();
  };

  const readString = (): string => {
    PLAIN_STRING.lastIndex = at;
    const plain = PLAIN_STRING.exec(text)?.[1];
    if (plain !== undefined) {
      at = PLAIN_STRING.lastIndex;
      return plain;
    }
    const start = at++;
    while (text[at] !== '"') {
      if (at >= text.length) throw fail();
      at += text[at] === "\\" ? 2 : 1;
    }
    return JSON.parse(text.slice(start, ++at));
  };

  const readNumber = (): unknown => {
    NUMBER.lastIndex = at;
    const match = NUMBER.exec(text);
    if (!match) return undefined;
    at = NUMBER.lastIndex;
    const [digits, integer = "", fraction, exponent] = match;
    const value = Number(digits);
    const looksLikeInt = Number.isSafeInteger(value) && !Object.is(value, -0);
    if (fraction || exponent) {
      return looksLikeInt || !Number.isFinite(value) ? new PythonFloat(value) : value;
    }
    if (Number.isSafeInteger(value)) return value || 0; // Python's int has no -0
    if (integer.length > MAX_INTEGER_DIGITS) throw fail();
    return BigInt(integer);
  };

  const readLiteral = (): unknown => {
    for (const [name, value] of LITERALS) {
      if (!text.startsWith(name, at)) continue;
      at += name.length;
      return value;
    }
    throw fail();
  };

  const open = (depth: number) => {
    if (depth > MAX_NESTING) throw fail();
    at++;
  };

  const readArray = (depth: number): unknown[] => {
    const items: unknown[] = [];
    open(depth);
    if (accept("]")) return items;
    do items.push(readValue(depth));
    while (accept(","));
    expect("]");
    return items;
  };

  const readObject = (depth: number): Record<string, unknown> => {
    const record: Record<string, unknown> = {};
    open(depth);
    if (accept("}")) return record;
    do {
      skipSpace();
      if (text[at] !== '"') throw fail();
      const key = readString();
      expect(":");
      setOwn(record, key, readValue(depth));
    } while (accept(","));
    expect("}");
    return record;
  };

  const readValue = (depth: number): unknown => {
    skipSpace();
    switch (text[at]) {
      case "{":
        return readObject(depth + 1);
      case "[":
        return readArray(depth + 1);
      case '"':
        return readString();
      default:
        return readNumber() ?? readLiteral();
    }
  };

  const value = readValue(0);
  skipSpace();
  if (at < text.length) throw fail();
  return value;
}

/** An assignment to `__proto__` would replace the prototype; as data it is a key like any other. */
function setOwn(record: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== "__proto__") {
    record[key] = value;
    return;
  }
  const attributes = { value, writable: true, enumerable: true, configurable: true };
  Object.defineProperty(record, key, attributes);
}

/** `json.dumps` of a str with `ensure_ascii`, which escapes DEL as well. */
export function dumpPythonString(text: string): string {
  if (PLAIN_ASCII.test(text)) return `"${text}"`;
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** `json.dumps` of a float, which is Python's `repr`: 1.0, 1e+16, 1e-05, NaN, -Infinity. */
export function dumpPythonFloat(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Object.is(value, -0)) return "-0.0";
  const [digits, power] = value.toExponential().split("e") as [string, string];
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 16) {
    return `${digits}e${power[0]}${power.slice(1).padStart(2, "0")}`;
  }
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

/** Python's order of str, by code point; JavaScript's `<` has U+1F600 before U+FB01. */
export function compareCodePoints(a: string, b: string): number {
  for (let at = 0; at < a.length && at < b.length; at++) {
    const left = a.codePointAt(at) as number;
    const right = b.codePointAt(at) as number;
    if (left !== right) return left - right;
    if (left > 0xffff) at++;
  }
  return a.length - b.length;
}
