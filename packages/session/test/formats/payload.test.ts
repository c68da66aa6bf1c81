import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SessionSerializationError } from "../../src/errors/errors.ts";
import { dumpPayload, loadPayload } from "../../src/formats/payload.ts";
import { NOW } from "../support/fixed.ts";
import { RUNS } from "../support/runs.ts";
import { thrownBy } from "../support/thrown.ts";
import { anyData, anyKey, anyValue, portrait } from "../support/values.ts";

const dump = (data: object) =>
  dumpPayload({ data: data as Record<string, unknown>, permanent: false });
const roundTrip = (data: object) => loadPayload(dump(data)).data;

describe("a payload", () => {
  it("comes back equal: any data, permanent or not, with a beginning or without", () => {
    const beginning = fc.option(fc.nat({ max: 253_402_300_799 }), { nil: undefined });
    fc.assert(
      fc.property(anyData, fc.boolean(), beginning, (data, permanent, createdAt) => {
        const text = dumpPayload({ data, permanent, createdAt });
        const read = loadPayload(text);
        expect([portrait(read.data), read.permanent, read.createdAt, dumpPayload(read)]).toEqual([
          portrait(data),
          permanent,
          createdAt,
          text,
        ]);
      }),
      { numRuns: RUNS },
    );
  });

  it("comes back equal where an object has one key, of the names that tags have", () => {
    fc.assert(
      fc.property(anyKey, anyKey, anyValue, (outer, inner, value) => {
        const data = { [outer]: { [inner]: value } };
        expect(portrait(roundTrip(data))).toBe(portrait(data));
      }),
      { numRuns: RUNS },
    );
  });

  it("is not touched by being written", () => {
    fc.assert(
      fc.property(anyData, (data) => {
        const before = portrait(data);
        dump(data);
        expect(portrait(data)).toBe(before);
      }),
      { numRuns: RUNS },
    );
  });

  it("is written the same way twice, and otherwise when anything in it differs", () => {
    fc.assert(
      fc.property(anyData, anyData, (one, other) => {
        expect(dump(one) === dump(other)).toBe(portrait(one) === portrait(other));
      }),
      { numRuns: RUNS },
    );
    expect(dump({ a: [1, { b: new Date(1) }] })).not.toBe(dump({ a: [1, { b: new Date(2) }] }));
  });
});

describe("what JSON lacks", () => {
  it("keeps the milliseconds of a Date, and the years that JavaScript has", () => {
    const times = [0, 1_700_000_000_123, -1, -62_135_596_800_001, 8.64e15, -8.64e15];
    const { dates } = roundTrip({ dates: times.map((time) => new Date(time)) });
    expect((dates as Date[]).map((date) => date.getTime())).toEqual(times);
  });

  it("keeps the sign of zero, as a value, in an array, as a key of a Map and in a Set", () => {
    const data = { z: -0, list: [-0, 0], map: new Map([["k", -0]]) };
    expect(roundTrip(data)).toStrictEqual(data);
    expect(Object.is((roundTrip(data) as typeof data).z, -0)).toBe(true);
  });

  it("keeps the order of a Map and a Set, and keys that are no texts", () => {
    const map = new Map<unknown, unknown>([
      ["z", 1],
      [1, 2],
      ["1", 3],
      [null, 4],
      [[1], 5],
      ["a", 6],
    ]);
    const set = new Set(["z", 1, "1", null, "a"]);
    const read = roundTrip({ map, set }) as { map: typeof map; set: typeof set };
    expect([...read.map]).toEqual([...map]);
    expect([...read.set]).toEqual([...set]);
  });

  it("keeps what a view shows of its buffer, and no more", () => {
    const whole = new Uint8Array([1, 2, 3, 4, 5]);
    expect(roundTrip({ view: whole.subarray(1, 3) })).toStrictEqual({
      view: new Uint8Array([2, 3]),
    });
  });

  it("keeps a BigInt of any size", () => {
    const data = { a: 2n ** 200n, b: -(2n ** 63n), c: 0n };
    expect(roundTrip(data)).toStrictEqual(data);
  });

  it("is undefined as a value of a key: an absent key", () => {
    expect(dump({ a: undefined, b: 1, c: { d: undefined } })).toBe('{"b":1,"c":{}}');
    expect(Object.keys(roundTrip({ a: undefined, b: 1 }))).toEqual(["b"]);
  });

  it("is undefined beside the one other key, which alone makes a tag", () => {
    const data = { a: { " d": 1, gone: undefined } };
    expect(dump(data)).toBe('{"a":{"  d":1}}');
    expect(roundTrip(data)).toStrictEqual({ a: { " d": 1 } });
  });

  it("keeps __proto__ as data, and gives no object another prototype", () => {
    const data = JSON.parse('{"__proto__":{"admin":true},"a":{"__proto__":{"admin":[1]}}}');
    data.a.when = new Date(0); // so that the reader rebuilds the objects
    const read = roundTrip(data) as { a: { admin?: boolean }; admin?: boolean };
    expect(read.admin).toBeUndefined();
    expect(read.a.admin).toBeUndefined();
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
    expect(Object.getPrototypeOf(read.a)).toBe(Object.prototype);
    expect(portrait(read)).toBe(portrait(data));
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  it("keeps a text that looks like a tag", () => {
    const data = { a: '{" d":1}', b: ' d":1}', '{" d"': 1 };
    expect(roundTrip(data)).toStrictEqual(data);
  });

  it("keeps one object that stands in two places, in both", () => {
    const shared = { when: new Date(1) };
    expect(roundTrip({ a: shared, b: [shared, shared] })).toStrictEqual({
      a: { when: new Date(1) },
      b: [{ when: new Date(1) }, { when: new Date(1) }],
    });
  });

  it("keeps a plain object of another realm", () => {
    const foreign = runInNewContext('({ a: { b: 1 }, list: [1, { c: "d" }] })');
    expect(portrait(roundTrip({ foreign }))).toBe('{"foreign":{"a":{"b":1},"list":[1,{"c":"d"}]}}');
  });
});

describe("what cannot be kept exactly", () => {
  class Cart {
    items = [];
  }
  it.each<[string, object]>([
    ["session.user.lastSeen is a Promise", { user: { lastSeen: Promise.resolve() } }],
    ["session.total is NaN", { total: Number.NaN }],
    ["session.total is Infinity", { total: Number.POSITIVE_INFINITY }],
    ["session.list[1] is -Infinity", { list: [0, Number.NEGATIVE_INFINITY] }],
    ["session.list[0] is undefined", { list: [undefined] }],
    ["session.set[1] is undefined", { set: new Set([1, undefined]) }],
    ['session.map.get("k") is undefined', { map: new Map([["k", undefined]]) }],
    ["session.map.get(1) is a function", { map: new Map([[1, () => 1]]) }],
    ["session.map.get(…) is a function", { map: new Map([[1n, () => 1]]) }],
    ["session.map.get(…) is a function", { map: new Map([[{ card: "4111" }, () => 1]]) }],
    ["session.onClick is a function", { onClick() {} }],
    ["session.Cart is a function", { Cart }],
    ["session.id is a symbol", { id: Symbol("id") }],
    ["session.cart is a Cart", { cart: new Cart() }],
    ["session.error is an Error", { error: new Error("no") }],
    ["session.url is a URL", { url: new URL("https://example.com") }],
    ["session.pattern is a RegExp", { pattern: /x/ }],
    ["session.bytes is a Buffer", { bytes: Buffer.from("x") }],
    ["session.bytes is a Uint16Array", { bytes: new Uint16Array(1) }],
    ["session.bytes is an ArrayBuffer", { bytes: new ArrayBuffer(1) }],
    ["session.seen is a WeakMap", { seen: new WeakMap() }],
    ["session.boxed is a Number", { boxed: new Number(1) }],
    ["session.born is an invalid Date", { born: new Date("never") }],
    ["session.list is an array with holes", { list: Array(2) }],
    ["session.found is an array with holes or with properties", { found: /a/.exec("a") }],
    ["session.tagged is an object with a symbol as a key", { tagged: { [Symbol("s")]: 1 } }],
    ['session["with space"]["1"]["né"] is NaN', { "with space": { 1: { né: Number.NaN } } }],
    ["session.__proto__ is a function", Object.fromEntries([["__proto__", () => 1]])],
  ])("%s", async (message, data) => {
    const error = await thrownBy(() => dump(data), SessionSerializationError);
    expect(error.code).toBe("ERR_SESSION_SERIALIZATION");
    expect(error.message.startsWith(message), error.message).toBe(true);
    expect(error.message).toContain(", which a session cannot keep exactly. It keeps strings, ");
  });

  it("is a value that contains itself", async () => {
    const record: Record<string, unknown> = { name: "top" };
    record.list = [{ back: record }];
    const map = new Map<string, unknown>();
    map.set("self", map);
    for (const [path, data] of [
      ["session.list[0].back", record],
      ['session.map.get("self")', { map }],
    ] as const) {
      const error = await thrownBy(() => dump(data), SessionSerializationError);
      expect(error.message).toBe(
        `${path} is part of a cycle, which a session cannot keep exactly. Store the id of what it points back to.`,
      );
    }
  });

  it("is an object of a class that extends one of those which can", async () => {
    class Money extends Map {}
    class Names extends Set {}
    class Bytes extends Uint8Array {}
    for (const value of [new Money(), new Names(), new Bytes()]) {
      await thrownBy(() => dump({ value }), SessionSerializationError);
    }
  });

  it("is what is nested 201 levels deep; 200 can be kept", async () => {
    const nested = (levels: number) => {
      let value: object = {};
      for (let level = 0; level < levels; level++) value = { in: value };
      return value;
    };
    expect(roundTrip(nested(200))).toStrictEqual(nested(200));
    const error = await thrownBy(() => dump(nested(201)), SessionSerializationError);
    expect(error.message).toContain(".in is nested more than 200 levels deep");
  });

  it("costs the program no stack, however deep it is", async () => {
    let value: object = {};
    for (let level = 0; level < 100_000; level++) value = [value];
    await thrownBy(() => dump({ value }), SessionSerializationError);
  });
});

describe("the beginning of a session", () => {
  it.each(['"1700000000"', "null", "1.5", "-1", "[1]", "{}", "true", "1e300"])(
    "is a whole number of seconds, and %s is none",
    (beginning) => {
      expect(() => loadPayload(`{" c":[${beginning},{"a":1}]}`)).toThrow(SyntaxError);
    },
  );

  it("is kept beside permanence, in either order of being set, and changes no data", () => {
    const data = { " c": [1, {}] };
    expect(loadPayload(dumpPayload({ data, permanent: true, createdAt: NOW }))).toStrictEqual({
      data,
      permanent: true,
      createdAt: NOW,
    });
  });
});
