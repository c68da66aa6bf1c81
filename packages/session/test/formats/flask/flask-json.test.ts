import { describe, expect, it } from "vitest";
import { SessionSerializationError } from "../../../src/errors/errors.ts";
import { dumpFlaskJson } from "../../../src/formats/flask/dump.ts";
import { loadFlaskJson } from "../../../src/formats/flask/load.ts";
import { FlaskMarkup, FlaskUuid, flaskTuple } from "../../../src/formats/flask/values.ts";
import golden from "../../golden/flask/golden.json" with { type: "json" };
import { thrownBy } from "../../support/thrown.ts";

const UUID = "12345678-1234-5678-1234-56781234abcd";

/** What each golden session is in JavaScript. */
const decoded: Record<string, unknown> = {
  "an empty session": {},
  "the visit counter": { visits: 3 },
  "the cart": { cart: { pineapples: "100", apples: 3 } },
  "a permanent session": { _permanent: true, visits: 1 },
  "a session no longer permanent": { _permanent: false, visits: 1 },
  "every JSON type": { a: null, b: true, c: false, d: [], e: {}, f: "", g: [0, -1] },
  "a tuple": { point: [1, 2] },
  "an empty tuple in a tuple in a list": { list: [[[]]] },
  "flashed messages": {
    _flashes: [
      ["message", "Saved."],
      ["error", "<b>No</b>"],
    ],
  },
  bytes: { token: Uint8Array.of(0xde, 0xad, 0xbe, 0xef, 0xff), empty: new Uint8Array() },
  Markup: { html: "<b>Hi</b>" },
  "a UUID": { id: UUID, ids: [UUID, UUID] },
  "a datetime": { seen: new Date("2023-11-14T22:13:20Z") },
  "a naive datetime with microseconds": { seen: new Date("2023-11-14T22:13:20Z") },
  "a datetime of another time zone": { seen: new Date("2023-11-14T22:13:20Z") },
  "a datetime before 1970": { seen: new Date("1969-12-31T23:59:59Z") },
  "the year 999": { seen: new Date("0999-02-03T04:05:06Z") },
  "datetime.min and datetime.max": {
    first: new Date("2001-01-01T00:00:00Z"),
    last: new Date("9999-12-31T23:59:59Z"),
  },
  "a dict that looks like a tuple": { a: { " t": [1] } },
  "dicts that look like every other tag": {
    di: { " di": 1 },
    b: { " b": "x" },
    m: { " m": 1 },
    u: { " u": UUID },
    d: { " d": [1] },
  },
  "a session that looks like a tag": { " t": { " di": { " m": "x" } } },
  "a dict of two tags": { a: { " t": 1, " b": 2 } },
  "a dict that looks escaped": { a: { " t__": 1 } },
  "whole floats beside ints": { float: 1, int: 1, list: [0, 0, 2, 2] },
  "floats that Python spells in its own way": {
    list: [1e15, 1e16, 1.5e16, 1e22, 0.0001, 1e-5, 1.5e-7, 5e-324, Number.MAX_VALUE],
  },
  "the usual floats": { list: [0.1, 0.1 + 0.2, -1.5, 12345678.9, 2 ** 53] },
  "negative zero": { list: [-0, 0, 0] },
  "floats that are not finite": {
    list: [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  },
  "ints on both sides of 2**53": {
    list: [2 ** 53 - 1, 2n ** 53n, 2n ** 53n + 1n, -(2n ** 53n), 2n ** 64n, -(10n ** 30n)],
  },
  "text beyond ASCII": { text: "café 中文 😀 ﬁ" },
  "control characters": { text: '"\\/\b\f\n\r\t\u0000\u001f\u007f\u2028' },
  "a lone surrogate": { text: "\ud83d", "\ude00": "key" },
  "keys beyond ASCII": { z: 1, é: 2, ﬁ: 3, "😀": 4, Z: 5, "": 6 },
  "keys that look like numbers": { 10: 1, 9: 2, 1: 3 },
  "keys of Object.prototype": { ["__proto__"]: { admin: true }, constructor: 1, toString: 2 },
  "one key named __proto__": { a: { ["__proto__"]: 1 } },
  "a deep session": { a: nested(100, "deep") },
  "a session worth compressing": { text: "all work and no play ".repeat(40) },
  "a session not worth compressing": { text: "abcdefghabcdefgh" },
};

function nested(levels: number, value: unknown, around = (item: unknown) => [item]): unknown {
  return levels === 0 ? value : around(nested(levels - 1, value, around));
}

describe("the sessions that Flask wrote", () => {
  it("are all here", () => {
    expect(golden.sessions.map(({ name }) => name)).toStrictEqual(Object.keys(decoded));
  });

  it.each(golden.sessions)("read as their JavaScript values: $name", ({ name, text }) => {
    expect(loadFlaskJson(text)).toStrictEqual(decoded[name]);
  });

  // Flask itself reads what it wrote for the year 1 as 2001.
  const kept = golden.sessions.filter(({ name }) => name !== "datetime.min and datetime.max");

  it.each(kept)("are written back byte for byte: $name", ({ text }) => {
    const session = loadFlaskJson(text) as object;
    expect(dumpFlaskJson(session)).toBe(text);
    expect(dumpFlaskJson(structuredClone(session), session)).toBe(text);
  });
});

describe("a value that is changed where Flask had a type that JavaScript lacks", () => {
  // biome-ignore lint/suspicious/noExplicitAny: each test knows what it wrote
  const change = (text: string, change: (session: any) => void): string => {
    const session = loadFlaskJson(text) as object;
    change(session);
    return dumpFlaskJson(session);
  };

  it("is a float as long as it is the same number", () => {
    expect(change('{"price":1.0}', (session) => (session.price *= 1))).toBe('{"price":1.0}');
    expect(change('{"price":1.0}', (session) => session.price++)).toBe('{"price":2}');
  });

  it("is Markup no more, so that Jinja escapes it", () => {
    const text = '{"html":{" m":"<b>Hi</b>"}}';
    expect(change(text, (session) => (session.html += "<script>"))).toBe(
      '{"html":"<b>Hi</b><script>"}',
    );
  });

  it("is not Markup at another place, though it is the same text", () => {
    const text = '{"html":{" m":"<b>"},"name":"Ada"}';
    expect(change(text, (session) => (session.name = session.html))).toBe(
      '{"html":{" m":"<b>"},"name":"<b>"}',
    );
  });

  it("is a UUID no more when it is another one", () => {
    const text = `{"id":{" u":"${"0".repeat(32)}"}}`;
    expect(change(text, (session) => (session.id = UUID))).toBe(`{"id":"${UUID}"}`);
    expect(change(text, (session) => (session.id = new FlaskUuid(UUID)))).toBe(
      `{"id":{" u":"${UUID.replaceAll("-", "")}"}}`,
    );
  });

  it("is a tuple whatever its items are, and whatever array took its place", () => {
    const text = '{"point":{" t":[1,2]}}';
    expect(change(text, (session) => session.point.push(3))).toBe('{"point":{" t":[1,2,3]}}');
    expect(change(text, (session) => (session.point = [4]))).toBe('{"point":{" t":[4]}}');
    expect(change(text, (session) => (session.point = { x: 1 }))).toBe('{"point":{"x":1}}');
  });

  it("keeps its neighbours as they were", () => {
    const text = '{"user":{"id":{" u":"12345678123456781234567812345678"},"score":1.0}}';
    expect(change(text, ({ user }) => (user.name = "Ada"))).toBe(
      '{"user":{"id":{" u":"12345678123456781234567812345678"},"name":"Ada","score":1.0}}',
    );
    expect(
      change(text, (session) => (session.user = { ...session.user, score: 2 })),
      "also in a copy",
    ).toBe('{"user":{"id":{" u":"12345678123456781234567812345678"},"score":2}}');
  });

  it("keeps the items of an array as they were, wherever they move", () => {
    const [a, b] = ["a", "b"].map((digit) => digit.repeat(32));
    const text = `{"ids":[{" u":"${a}"},{" u":"${b}"}]}`;
    expect(change(text, ({ ids }) => ids.shift())).toBe(`{"ids":[{" u":"${b}"}]}`);
    expect(change(text, (session) => (session.ids = session.ids.toReversed()))).toBe(
      `{"ids":[{" u":"${b}"},{" u":"${a}"}]}`,
    );
    const flashes = '{"_flashes":[{" t":["info","a"]},{" t":["info","b"]}]}';
    expect(change(flashes, (session) => session._flashes.shift())).toBe(
      '{"_flashes":[{" t":["info","b"]}]}',
    );
  });
});

describe("writing", () => {
  it.each([
    [{ b: 1, a: 2 }, '{"a":2,"b":1}'],
    [{ a: undefined, " t": [] }, '{" di":{" t__":[]}}'],
    [{ a: undefined }, "{}"],
    [Object.assign(Object.create(null), { a: 1 }), '{"a":1}'],
    [
      [1, 1.5, -0, 2 ** 53, 1e21, 12n, 2n ** 64n],
      "[1,1.5,-0.0,9007199254740992.0,1e+21,12,18446744073709551616]",
    ],
    [new Date("2023-11-14T22:13:20.999Z"), '{" d":"Tue, 14 Nov 2023 22:13:20 GMT"}'],
    [new Date(-1), '{" d":"Wed, 31 Dec 1969 23:59:59 GMT"}'],
    [new Date("0100-01-01T00:00:00Z"), '{" d":"Fri, 01 Jan 0100 00:00:00 GMT"}'],
    [Uint8Array.of(0xfb, 0xff), '{" b":"+/8="}'],
    [new FlaskUuid(UUID.toUpperCase()), '{" u":"1234567812345678123456781234abcd"}'],
    [new FlaskMarkup("<b>é</b>"), '{" m":"<b>\\u00e9</b>"}'],
    [flaskTuple(1, flaskTuple()), '{" t":[1,{" t":[]}]}'],
  ])("what Flask would write: %#", (value, text) => {
    expect(dumpFlaskJson(value)).toBe(text);
  });

  it("takes one object in two places, which is no cycle", () => {
    const address = { city: "Wien" };
    expect(dumpFlaskJson({ home: address, work: address })).toBe(
      '{"home":{"city":"Wien"},"work":{"city":"Wien"}}',
    );
  });

  it.each<[unknown, string]>([
    [{ user: { lastSeen: Promise.resolve() } }, "session.user.lastSeen is a Promise"],
    [{ a: [1, undefined] }, "session.a[1] is undefined"],
    // biome-ignore lint/suspicious/noSparseArray: that is what is tested
    [{ a: [1, , 2] }, "session.a is an array with holes or with properties of its own"],
    [{ a: () => 1 }, "session.a is a function"],
    [{ "a b": Symbol("s") }, 'session["a b"] is a symbol'],
    [{ a: { [Symbol("s")]: 1 } }, "session.a is an object with a symbol as a key"],
    [{ a: Number.NaN }, "session.a is NaN"],
    [{ a: Number.NEGATIVE_INFINITY }, "session.a is -Infinity"],
    [{ a: new Map() }, "session.a is a Map"],
    [{ a: new Set() }, "session.a is a Set"],
    [{ a: new URL("http://a") }, "session.a is a URL"],
    [{ a: new Uint16Array(1) }, "session.a is a Uint16Array"],
    [{ a: Object(1) }, "session.a is a Number"],
    [{ a: new Date("no") }, "session.a is an invalid Date"],
    [{ a: new Date("0099-12-31T23:59:59Z") }, "session.a is a Date in the year 99"],
    [{ a: new Date("+010000-01-01T00:00:00Z") }, "session.a is a Date in the year 10000"],
    [{ a: 10n ** 4300n }, "session.a is a BigInt of 4301 digits"],
    [{ a: nested(326, 1) }, `session.a${"[0]".repeat(325)} is nested more than 325 levels deep`],
    [
      { a: nested(244, flaskTuple(1), flaskTuple) },
      `session.a${"[0]".repeat(244)} is nested more than 325 levels deep`,
    ],
  ])("refuses what Flask's format cannot keep: %#", async (session, message) => {
    const error = await thrownBy(() => dumpFlaskJson(session), SessionSerializationError);
    expect(error.code).toBe("ERR_SESSION_SERIALIZATION");
    expect(error.message.split(", which ")[0]).toBe(message);
  });

  it("refuses a cycle", () => {
    const session: Record<string, unknown> = { user: { roles: [] } };
    (session.user as { roles: unknown[] }).roles.push(session.user);
    expect(() => dumpFlaskJson(session)).toThrow("session.user.roles[0] is part of a cycle");
  });

  it("refuses a UUID that is none where it is made", () => {
    expect(() => new FlaskUuid("1234")).toThrow(
      "was given a text of 4 characters, which is no UUID",
    );
    expect(() => new FlaskUuid(1234n as never)).toThrow("was given bigint");
    expect(() => new FlaskUuid(`${UUID}0`)).toThrow(SessionSerializationError);
  });
});

describe("reading what Flask cannot have written", () => {
  it.each([
    '{" t":1}',
    '{" t":{" t":[]}}',
    '{" b":1}',
    '{" b":"*"}',
    '{" m":1}',
    '{" u":"123"}',
    '{" u":null}',
    '{" d":null}',
    '{" d":"yesterday"}',
    '{" d":"2023-11-14T22:13:20Z"}',
    '{" d":"Tue, 31 Feb 2023 22:13:20 GMT"}',
    '{" d":"Tue, 14 Nov 2023 25:13:20 GMT"}',
    '{" di":null}',
    '{" di":{}}',
    '{" di":{" t":1}}',
    '{" di":{" t__":1," b__":2}}',
    '{" di":["__"]}',
  ])("throws at %s", (text) => {
    expect(() => loadFlaskJson(text)).toThrow();
  });

  it("leaves the tags of an application's own as they are", () => {
    const text = '{"a":{" od":[["b",{" t":[1.0]}]]}}';
    const session = loadFlaskJson(text);
    expect(session).toStrictEqual({ a: { " od": [["b", [1]]] } });
    expect(dumpFlaskJson(session)).toBe(text);
  });
});
