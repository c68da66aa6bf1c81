import fc from "fast-check";
import { afterAll, describe } from "vitest";
import { pythonWithFlask } from "../../../../scripts/flask.mjs";
import { FlaskMarkup, FlaskUuid, flaskTuple } from "../../src/formats/flask/values.ts";
import { anyCharacter } from "./characters.ts";
import { PythonPeer } from "./python-peer.ts";

/** A Python value as it travels to and from flask_peer.py, which says what each pair holds. */
export type PythonValue =
  | null
  | boolean
  | string
  | ["int" | "float" | "bytes" | "uuid" | "markup", string]
  | ["datetime", number]
  | ["list" | "tuple", PythonValue[]]
  | ["dict", [string, PythonValue][]];

export interface Signing {
  readonly secret: string;
  readonly fallbacks?: readonly string[];
  readonly digest?: "sha1" | "sha256" | "sha384" | "sha512";
  /** Unix time in seconds. */
  readonly time: number;
}

/** Real Flask in a child process. Each call throws what Flask raised, save where it says otherwise. */
export interface FlaskPeer {
  dumps(value: PythonValue): Promise<string>;
  loads(text: string): Promise<{ value: PythonValue; text: string }>;
  sign(value: PythonValue, signing: Signing): Promise<string>;
  /** The session, or the name of the exception for which Flask takes an empty one instead. */
  unsign(cookie: string, signing: Signing): Promise<{ value?: PythonValue; rejected?: string }>;
  /** What Python makes of a value by these steps. */
  change(value: PythonValue, steps: readonly Step[]): Promise<PythonValue>;
  /** One request to the Flask application in flask_peer.py: what its route answers, and the cookie. */
  request<Answer>(path: string, cookie: string, signing: Signing): Promise<Answer & FlaskResponse>;
}

/** A change to the container at the path, by a name that flask_peer.py knows. */
export type Step = readonly [
  change: string,
  path: readonly (string | number)[],
  ...unknown: readonly unknown[],
];

export interface FlaskResponse {
  /** The session's new value, if Flask set one. */
  readonly cookie: string | undefined;
  readonly setCookie: string[];
}

/** What the route `/` answers, which counts visits. */
export interface Visit {
  readonly session: PythonValue;
  readonly permanent: boolean;
}

/**
 * A `describe` whose tests talk to Flask. Where there is no Flask it is installed, if this machine
 * lets us; else the suite fails in CI and is skipped, with a warning, on a developer's machine.
 */
export function describeWithFlask(name: string, suite: (flask: FlaskPeer) => void): void {
  const python = pythonWithFlask();
  if (!python && !process.env.CI) {
    console.warn(
      `SKIPPED, since no python3 here has Flask (apt-get install python3-flask): ${name}`,
    );
    describe.skip(name, () => suite({} as FlaskPeer));
    return;
  }
  describe(name, { timeout: 120_000 }, () => {
    if (!python) throw new Error("There is no python3 with Flask: apt-get install python3-flask");
    const peer = new PythonPeer(python, "flask_peer.py");
    afterAll(() => peer.stop());
    suite(flaskAt(peer));
  });
}

function flaskAt(peer: PythonPeer): FlaskPeer {
  const ask = async (operation: string, request: object) => {
    // biome-ignore lint/suspicious/noExplicitAny: each operation has an answer of its own.
    const answer = await peer.ask<any>({ operation, ...request });
    if (answer.error) throw new Error(`Flask: ${answer.error}`);
    return answer;
  };

  return {
    dumps: async (value) => (await ask("dumps", { value })).text,
    loads: (text) => ask("loads", { text }),
    sign: async (value, signing) => (await ask("sign", { value, ...signing })).cookie,
    unsign: (cookie, signing) => ask("unsign", { cookie, ...signing }),
    change: async (value, steps) => (await ask("change", { value, steps })).value,
    async request(path, cookie, signing) {
      const answer = await ask("request", { path, cookie, ...signing });
      return { ...answer, cookie: /^session=([^;]+)/.exec(answer.setCookie[0])?.[1] };
    },
  };
}

/** What `loadFlaskJson` should make of it. */
export function asRead(wire: PythonValue): unknown {
  return toJavaScript(wire, false);
}

/** What a user would hand to `dumpFlaskJson` for it. */
export function asWritten(wire: PythonValue): unknown {
  return toJavaScript(wire, true);
}

function toJavaScript(wire: PythonValue, isWritten: boolean): unknown {
  if (!Array.isArray(wire)) return wire;
  const [kind, content] = wire;
  switch (kind) {
    case "int": {
      const integer = BigInt(content);
      return Number.isSafeInteger(Number(integer)) ? Number(integer) : integer;
    }
    case "float":
      return Buffer.from(content, "hex").readDoubleBE();
    case "bytes":
      return new Uint8Array(Buffer.from(content, "hex"));
    case "uuid":
      return isWritten ? new FlaskUuid(content) : content;
    case "markup":
      return isWritten ? new FlaskMarkup(content) : content;
    case "datetime":
      return new Date(content * 1000);
    case "list":
      return content.map((item) => toJavaScript(item, isWritten));
    case "tuple": {
      const items = content.map((item) => toJavaScript(item, isWritten));
      return isWritten ? flaskTuple(...items) : items;
    }
    case "dict":
      return Object.fromEntries(content.map(([key, item]) => [key, toJavaScript(item, isWritten)]));
  }
}

const float = (value: number): PythonValue => {
  const bits = Buffer.alloc(8);
  bits.writeDoubleBE(value);
  return ["float", bits.toString("hex")];
};

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: anyCharacter }),
  // Lone surrogates among them, which both languages allow in a string.
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
);

const key = fc.oneof(
  text,
  fc.constantFrom(" di", " t", " b", " m", " u", " d", " t__", " x", "__proto__", "toString"),
  fc.constantFrom("", "0", "9", "10", "\ufb01", "\u{1f600}", "\ud83d"),
);

/** As few items as a session has, so that most fit their cookie. */
const size = { maxLength: 4 };

const fraction = fc
  .double({ noDefaultInfinity: true, noNaN: true })
  .filter((value) => !Number.isSafeInteger(value) || Object.is(value, -0));

/** Python values that JavaScript can spell; with `floats: "any"` also 1.0, NaN and Infinity. */
export function pythonValue(floats: "any" | "fractional"): fc.Arbitrary<PythonValue> {
  const year = (number: number) => Date.UTC(number) / 1000;
  const scalar: fc.Arbitrary<PythonValue> = fc.oneof(
    fc.constantFrom(null, true, false),
    text,
    fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }).map((int): PythonValue => ["int", `${int}`]),
    fc.integer().map((int): PythonValue => ["int", `${int}`]),
    fraction.map(float),
    ...(floats === "any" ? [fc.double().map(float), fc.integer().map(float)] : []),
    fc.uint8Array().map((bytes): PythonValue => ["bytes", Buffer.from(bytes).toString("hex")]),
    fc.uuid().map((uuid): PythonValue => ["uuid", uuid]),
    text.map((html): PythonValue => ["markup", html]),
    fc
      .integer({ min: year(100), max: year(10_000) - 1 })
      .map((seconds): PythonValue => ["datetime", seconds]),
  );
  const { value } = fc.letrec<{ value: PythonValue }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      scalar,
      fc.tuple(fc.constantFrom("list" as const, "tuple" as const), fc.array(tie("value"), size)),
      dictOf(tie("value")),
    ),
  }));
  return value;
}

/** As {@link pythonValue}, for what a session is: a dict. */
export function pythonDict(floats: "any" | "fractional"): fc.Arbitrary<PythonValue> {
  return dictOf(pythonValue(floats));
}

/** As {@link pythonDict}, with few values in long lists, so that one list often has 1 and 1.0. */
export function crowdedPythonDict(): fc.Arbitrary<PythonValue> {
  const scalar: fc.Arbitrary<PythonValue> = fc.oneof(
    fc.nat({ max: 2 }).map((int): PythonValue => ["int", `${int}`]),
    fc.nat({ max: 2 }).map(float),
    fc.constantFrom<PythonValue>("<b>", ["markup", "<b>"], null, true),
  );
  const { value } = fc.letrec<{ value: PythonValue }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      scalar,
      fc.tuple(
        fc.constantFrom("list" as const, "tuple" as const),
        fc.array(tie("value"), { maxLength: 8 }),
      ),
      dictOf(tie("value")),
    ),
  }));
  return dictOf(value);
}

function dictOf(value: fc.Arbitrary<PythonValue>): fc.Arbitrary<PythonValue> {
  const entries = fc.uniqueArray(fc.tuple(key, value), { ...size, selector: ([name]) => name });
  return entries.map((items): PythonValue => ["dict", items]);
}
