import fc from "fast-check";
import { BASE64URL } from "./base64url.ts";

export interface Forgery {
  readonly kind: string;
  readonly value: string;
}

export interface ForgedHeader {
  readonly kind: string;
  readonly header: string;
  /** Is the genuine cookie in it, under its own name? `"perhaps"`: the change may have left it whole. */
  readonly holdsGenuine: boolean | "perhaps";
}

/** What chance decides about one forgery; each kind takes from it what it needs. */
interface Draw {
  readonly token: string;
  readonly other: string;
  readonly at: number;
  readonly to: number;
  readonly character: string;
  readonly junk: string;
}

const SPACES = [
  " ",
  "\t",
  "\n",
  "\r",
  "\v",
  "\f",
  "\u0085",
  "\u00a0",
  "\u2028",
  "\ufeff",
  "\u200b",
];
const MOST_JUNK = 65_536;

const changes: Readonly<Record<string, (draw: Draw) => string>> = {
  "a bit flipped": ({ token, at, to }) =>
    withPlace(token, at, (old) => String.fromCharCode(old.charCodeAt(0) ^ (1 << (to % 8)))),
  "a character replaced": ({ token, at, character }) => withPlace(token, at, () => character),
  "a character removed": ({ token, at }) => withPlace(token, at, () => ""),
  "a character inserted": ({ token, at, character }) => inserted(token, at, character),
  "a character's case changed": ({ token, at }) => withPlace(token, at, otherCase),
  "a character's full-width twin": ({ token, at }) =>
    withPlace(token, at, (old) => String.fromCharCode(old.charCodeAt(0) + 0xfee0)),
  "a character moved": ({ token, at }) => withPlace(token.slice(1), at, (old) => old + token[0]),
  "cut short": ({ token, at }) => token.slice(0, at % token.length),
  "cut at the front": ({ token, at }) => token.slice(1 + (at % token.length)),
  "upper case": ({ token }) => token.toUpperCase(),
  "lower case": ({ token }) => token.toLowerCase(),
  "white space": ({ token, at, to }) => inserted(token, at, SPACES[to % SPACES.length] as string),
  "white space around": ({ token, at, to }) =>
    [SPACES[to % SPACES.length], ""].at(at % 2) + token + SPACES[at % SPACES.length],
  "one character percent-encoded": ({ token, at, to }) =>
    withPlace(token, at, (old) =>
      to % 2 ? percentEncoded(old) : percentEncoded(old).toUpperCase(),
    ),
  "all percent-encoded": ({ token }) => percentEncoded(token),
  quoted: ({ token, at }) => ['"', "'", "`"][at % 3] + token + ['"', "'", ""][at % 3],

  "unused bits of base64 set": ({ token, at, to }) =>
    withPart(token, at, (part) => part.slice(0, -1) + neighbourOf(part.slice(-1), 1 + (to % 15))),
  "base64 padded": ({ token, at, to }) =>
    withPart(token, at, (part) => part + "=".repeat(1 + (to % 3))),
  "zero bytes before base64": ({ token, at, to }) =>
    withPart(token, at, (part) => "A".repeat(4 * (1 + (to % 3))) + part),
  "plain base64": ({ token }) => token.replaceAll("-", "+").replaceAll("_", "/"),

  "a part emptied": ({ token, at }) => withPart(token, at, () => ""),
  "a part doubled": ({ token, at }) => withPart(token, at, (part) => part + part),
  "a part repeated": ({ token, at }) => withPart(token, at, (part) => `${part}.${part}`),
  "a part of another cookie": ({ token, other, at, to }) =>
    withPart(token, at, () => partsOf(other)[to % partsOf(other).length] as string),
  "two parts swapped": ({ token, at, to }) => {
    const parts = partsOf(token);
    const [one, two] = [parts[at % parts.length], parts[to % parts.length]] as [string, string];
    return withPart(
      withPart(token, at, () => two),
      to,
      () => one,
    );
  },
  "the same separators elsewhere": ({ token, at, to }) =>
    inserted(token.replace(/[.*]/, ""), at, to % 2 ? "." : "*"),
  "the front of one, the end of another": ({ token, other, at, to }) =>
    token.slice(0, at % token.length) + other.slice(to % other.length),
  "the mark of compression changed": ({ token }) =>
    token.startsWith(".") ? token.slice(1) : `.${token}`,
  "another version": ({ token, to }) => token.replace(/2(?=\*|$)/g, String(to % 10)),
  "no signature": ({ token, to }) =>
    token.replace(/[.*~][^.*~]*$/, ["", ".", ".null", ".none", "*", "."][to % 6] as string),

  "one after the other": ({ token, other, at }) => token + ["", ",", ".", "*", ";"][at % 5] + other,
  "junk after it": ({ token, junk }) => token + junk,
  "junk before it": ({ token, junk }) => junk + token,
  "nothing but junk": ({ junk }) => junk,
};

/**
 * Cookie values that nobody but an attacker sends: `genuine` ones with something changed, and `foreign`
 * ones, which are sound cookies of another secret, name or format.
 */
export function forgeries(
  genuine: readonly string[],
  foreign: readonly string[] = [],
): fc.Arbitrary<Forgery> {
  const changed = fc
    .tuple(fc.constantFrom(...Object.entries(changes)), drawFrom(genuine))
    .map(([[kind, change], draw]) => ({ kind, value: change(draw) }));
  const borrowed = drawFrom([...genuine, ...foreign]).map(({ token }) => ({
    kind: "a cookie of another kind",
    value: token,
  }));
  return fc
    .oneof({ weight: 30, arbitrary: changed }, { weight: 1, arbitrary: borrowed })
    .filter(({ value }) => !genuine.includes(value));
}

/** Every cookie value that has one bit of one character flipped. */
export function* bitFlips(token: string): Generator<Forgery> {
  for (let at = 0; at < token.length; at++) {
    for (let bit = 0; bit < 8; bit++) {
      const unit = token.charCodeAt(at) ^ (1 << bit);
      const value = token.slice(0, at) + String.fromCharCode(unit) + token.slice(at + 1);
      yield { kind: "each bit flipped", value };
    }
  }
}

type Place = (name: string, draw: Draw) => readonly [header: string, holdsGenuine: boolean];

const places: Readonly<Record<string, Place>> = {
  alone: (name, { token }) => [`${name}=${token}`, true],
  "among others": (name, { token }) => [`a=1; ${name}=${token};b=2;${name}2=x`, true],
  "spaces and tabs around": (name, { token }) => [`a=1;\t ${name}\t = \t${token} \t;b`, true],
  "in quotes": (name, { token }) => [`${name}="${token}"`, true],
  "a junk one of its name before it": (name, { token, junk }) => [
    `${name}=${pair(junk)}; ${name}=${token}`,
    true,
  ],
  "a junk one of its name after it": (name, { token, junk }) => [
    `${name}=${token}; ${name}=${pair(junk)}`,
    true,
  ],
  "junk that has no name around it": (name, { token, junk }) => [
    `${pair(junk)}; ${name}=${token}; =${pair(junk)}`,
    true,
  ],

  "only junk": (name, { junk }) => [`${name}=${pair(junk)}`, false],
  "a hundred junk ones before it": (name, { token, character }) => [
    `${`${name}=x${pair(character)}; `.repeat(100)}${name}=${token}`,
    false,
  ],
  "no name": (_name, { token }) => [`=${token}; ${token}`, false],
  "its name behind a nameless one's sign": (name, { token }) => [`=${name}=${token}`, false],
  "a sign too many": (name, { token }) => [`${name}==${token}`, false],
  "its name in another case": (name, { token, at }) => [
    `${withPlace(name, at, otherCase)}=${token}`,
    false,
  ],
  "its name percent-encoded": (name, { token, at }) => [
    `${withPlace(name, at, percentEncoded)}=${token}; ${name}%3D${token}`,
    false,
  ],
  "its name in quotes": (name, { token }) => [`"${name}"=${token}; "${name}=${token}"`, false],
  "its name in odd white space": (name, { token, to }) => [
    `${["\u00a0", "\u0085", "\v", "\f", "\ufeff"][to % 5]}${name}=${token}`,
    false,
  ],
  "its name with more before it": (name, { token, character }) => [
    `${pair(character) || "x"}x${name}=${token}`,
    false,
  ],
  "its name with more behind it": (name, { token }) => [
    `${name}s=${token}; ${name}[]=${token}`,
    false,
  ],
  "a comma between": (name, { token }) => [`a=1, ${name}=${token}`, false],
  "two quotes on each side": (name, { token }) => [`${name}=""${token}""`, false],
};

/** Cookie headers in which a genuine cookie, or a forged one, stands where it should or should not. */
export function forgedHeaders(
  name: string,
  genuine: readonly string[],
  foreign: readonly string[],
): fc.Arbitrary<ForgedHeader> {
  const placed = fc
    .tuple(fc.constantFrom(...Object.entries(places)), drawFrom(genuine))
    .map(([[kind, place], draw]): ForgedHeader => {
      const [header, holdsGenuine] = place(name, draw);
      return { kind: `header: ${kind}`, header, holdsGenuine };
    });
  const forged = forgeries(genuine, foreign).map(
    ({ kind, value }): ForgedHeader => ({
      kind,
      header: `${name}=${value}`,
      // A forgery that a header's own grammar undoes: quotes and spaces around, or more behind a `;`.
      holdsGenuine: /[;"]|^\s|\s$/.test(value) ? "perhaps" : false,
    }),
  );
  return fc.oneof(placed, forged).map((one) => ({ ...one, header: asBytes(one.header) }));
}

function drawFrom(tokens: readonly string[]): fc.Arbitrary<Draw> {
  const token = fc.constantFrom(...tokens);
  const unit = fc.oneof(
    fc.integer({ min: 0x20, max: 0x7e }),
    fc.nat({ max: 0xff }),
    fc.nat({ max: 0xffff }),
  );
  const character = unit.map((code) => String.fromCharCode(code));
  // A few code units, again and again: 64 KB of them cost nothing to draw.
  const piece = fc.oneof(
    fc.constantFrom(
      ".",
      "*",
      "=",
      "%",
      " ",
      "A",
      "..",
      "Fe26.2*",
      "{",
      '{"a":',
      "\u0000",
      "\u{1d11e}",
    ),
    fc.array(unit, { minLength: 1, maxLength: 8 }).map((codes) => String.fromCharCode(...codes)),
  );
  const length = fc.oneof(fc.nat({ max: 40 }), fc.nat({ max: MOST_JUNK }));
  const junk = fc
    .tuple(piece, length)
    .map(([text, count]) => text.repeat(Math.ceil(count / text.length)).slice(0, count) || text);
  return fc.record({ token, other: token, at: fc.nat(), to: fc.nat(), character, junk });
}

function withPlace(text: string, at: number, change: (old: string) => string): string {
  const place = at % text.length;
  return text.slice(0, place) + change(text.charAt(place)) + text.slice(place + 1);
}

function inserted(text: string, at: number, more: string): string {
  const place = at % (text.length + 1);
  return text.slice(0, place) + more + text.slice(place);
}

/** What the separators of either layout keep apart, some of it empty. */
function partsOf(token: string): string[] {
  return token.split(/[.*]/);
}

function withPart(token: string, at: number, change: (part: string) => string): string {
  const withSeparators = token.split(/([.*])/);
  const place = 2 * (at % Math.ceil(withSeparators.length / 2));
  withSeparators[place] = change(withSeparators[place] as string);
  return withSeparators.join("");
}

function neighbourOf(character: string, bits: number): string {
  return BASE64URL.charAt(BASE64URL.indexOf(character) ^ bits);
}

function otherCase(letter: string): string {
  return letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase();
}

function percentEncoded(text: string): string {
  return [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
}

/** Without what would end the pair, or begin with its own name. */
function pair(text: string): string {
  return text.replaceAll(/[;"]/g, "");
}

/** As a header carries it: one character a byte, and none of the three that no header may hold. */
function asBytes(text: string): string {
  const bytes = /^[\0-\xff]*$/.test(text) ? text : Buffer.from(text).toString("latin1");
  return bytes.replaceAll(/[\0\r\n]/g, "?");
}
