import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dumpPayload } from "../../src/formats/payload.ts";
import { isPlainObject } from "../../src/runtime/plain-object.ts";
import {
  changedInPlace,
  type InPlace,
  merge,
  mergeIndependent,
  objectsIn,
} from "../../src/store/merge.ts";
import { anyData, portrait } from "../support/values.ts";

type Data = Record<string, unknown>;

const textOf = (value: unknown) => dumpPayload({ data: { value }, permanent: false });
const equal = (a: unknown, b: unknown) => textOf(a) === textOf(b);

/** As if each object that was there were still the one that the request was handed. */
const merged = (base: Data, mine: Data, theirs: Data) =>
  merge(base, mine, theirs, objectsInBoth(base, mine), equal);

function objectsInBoth(base: Data, mine: Data): InPlace {
  const pairs = Object.keys(base).map((key) => [key, own(base, key), own(mine, key)] as const);
  return new Map(
    pairs
      .filter(([, before, now]) => isPlainObject(before) && isPlainObject(now))
      .map(([key, before, now]) => [key, objectsInBoth(before as Data, now as Data)]),
  );
}

describe("two requests that changed one session", () => {
  it("keep both changes to different keys", () => {
    expect(merged({ visits: 1 }, { visits: 2 }, { visits: 1, name: "Ann" })).toEqual({
      visits: 2,
      name: "Ann",
    });
  });

  it("keep both changes inside one object, however deep, and one that neither had", () => {
    expect(
      merged(
        { shop: { cart: { apples: "1" } } },
        { shop: { cart: { apples: "1", figs: "2" } } },
        { shop: { cart: { apples: "3" }, note: "ring" } },
      ),
    ).toEqual({ shop: { cart: { apples: "3", figs: "2" }, note: "ring" } });
    expect(merged({}, { cart: { figs: "1" } }, { cart: { kiwis: "2" } })).toEqual({
      cart: { figs: "1", kiwis: "2" },
    });
  });

  it("keep a removal beside a change", () => {
    expect(merged({ a: 1, b: 2 }, { b: 2 }, { a: 1, b: 3 })).toEqual({ b: 3 });
    expect(merged({ a: 1, b: 2 }, { a: 1, b: 3 }, { b: 2 })).toEqual({ b: 3 });
    expect(
      merged({ cart: { figs: "1" } }, { cart: {} }, { cart: { figs: "1", kiwis: "2" } }),
    ).toEqual({ cart: { kiwis: "2" } });
  });

  it("leave to the later one a value that both changed", () => {
    expect(merged({ visits: 1 }, { visits: 2 }, { visits: 3 })).toEqual({ visits: 2 });
    expect(merged({ visits: 1 }, {}, { visits: 3 })).toEqual({});
    expect(merged({ visits: 1 }, { visits: 2 }, {})).toEqual({ visits: 2 });
  });

  it.each([
    ["an array", [1], [1, 2], [1, 3]],
    ["a Set", new Set([1]), new Set([1, 2]), new Set([1, 3])],
    ["a Map", new Map([["a", 1]]), new Map([["b", 1]]), new Map([["c", 1]])],
    ["a Date", new Date(1), new Date(2), new Date(3)],
    ["a number against an object", { a: 1 }, 3, { a: 2 }],
  ])("take whole what is no plain object: %s", (_what, base, mine, theirs) => {
    expect(merged({ value: base }, { value: mine }, { value: theirs })).toEqual({ value: mine });
  });

  it("leave deleted or replaced what one changed inside", () => {
    const user = { user: { id: 7, seen: 1 } };
    const seen = { user: { id: 7, seen: 2 } };
    expect(merged(user, seen, {})).toEqual({});
    expect(merged(user, seen, { user: "none" })).toEqual({ user: "none" });
    expect(merged(user, {}, seen)).toEqual({});
    expect(merged(user, { user: "none" }, {})).toEqual({ user: "none" });
  });

  it("change no object that they were given", () => {
    const given = [{ cart: { a: 1 } }, { cart: { a: 1, b: 2 } }, { cart: { a: 1, c: 3 } }] as const;
    const before = JSON.stringify(given);
    merged(...given);
    expect(JSON.stringify(given)).toBe(before);
  });

  it("may have data of any name", () => {
    const data = (json: string) => JSON.parse(json) as Data;
    const result = merged(
      data('{"__proto__":{"a":1}}'),
      data('{"__proto__":{"a":1,"b":2},"constructor":1}'),
      data('{"__proto__":{"a":3},"toString":{}}'),
    );
    expect(JSON.stringify(result)).toBe(
      '{"__proto__":{"a":3,"b":2},"toString":{},"constructor":1}',
    );
    expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
  });
});

describe("an object that one request assigned", () => {
  const assigned = (base: unknown, mine: unknown, theirs: unknown) =>
    merge({ it: base }, { it: mine }, { it: theirs }, new Map(), equal).it;

  it.each([
    [
      "changed a key that was there",
      { id: 1, role: "a" },
      { id: 2, role: "a" },
      { id: 3, role: "b" },
    ],
    ["dropped a key that was there", { id: 1, role: "a" }, { id: 1 }, { id: 1, role: "a", x: 1 }],
    ["equals the one that was there", { id: 1 }, { id: 1 }, { id: 2 }],
    ["only adds, where the others changed a key", { id: 1 }, { id: 1, role: "a" }, { id: 2 }],
    ["only adds, where the others dropped a key", { id: 1 }, { id: 1, role: "a" }, {}],
    ["only adds, where the others deleted it", { id: 1 }, { id: 1, role: "a" }, undefined],
    ["adds a key that the others added too", { id: 1 }, { id: 1, role: "a" }, { id: 1, role: "b" }],
    ["is new, and so is another one", undefined, { id: 1 }, { id: 2, role: "b" }],
    ["takes the place of something else", [1], { id: 1 }, { role: "b" }],
  ])("is taken whole if it %s", (_why, base, mine, theirs) => {
    expect(assigned(base, mine, theirs)).toEqual(mine);
  });

  it.each([
    ["to the object that was there", { a: 1 }, { a: 1, b: 1 }, { a: 1, c: 1 }],
    ["to no object", undefined, { a: 1, b: 1 }, { c: 1 }],
  ])("is joined with the others if all only added keys %s", (_where, base, mine, theirs) => {
    expect(assigned(base, mine, theirs)).toEqual({ a: 1, b: 1, c: 1 });
    expect(assigned(base, theirs, mine)).toEqual({ a: 1, b: 1, c: 1 });
  });

  it("is distinguished from one that was changed in place, at every depth", () => {
    const data: Data = { cart: {}, shop: { cart: {}, owner: {} }, tags: [] };
    const handedOut = objectsIn(data);
    data.cart = {};
    Object.assign(data.shop as Data, { owner: {} });
    const cart: InPlace = new Map();
    expect(changedInPlace(handedOut, data)).toEqual(new Map([["shop", new Map([["cart", cart]])]]));
  });
});

describe("changes of which either may come first", () => {
  const both = (base: Data, mine: Data, theirs: Data) =>
    mergeIndependent(base, mine, theirs, equal);

  it.each<[string, Data, Data, Data, Data]>([
    ["different keys", { a: 1 }, { a: 2 }, { a: 1, b: 1 }, { a: 2, b: 1 }],
    ["a deletion", { a: 1, b: 1 }, { b: 1 }, { a: 1, b: 2 }, { b: 2 }],
    ["additions to one object", { o: {} }, { o: { a: 1 } }, { o: { b: 1 } }, { o: { a: 1, b: 1 } }],
    ["the same", { a: 1 }, { a: 2 }, { a: 2 }, { a: 2 }],
  ])("are put together: %s", (_what, base, mine, theirs, expected) => {
    expect(both(base, mine, theirs)).toEqual(expected);
    expect(both(base, theirs, mine)).toEqual(expected);
  });

  it.each<[string, Data, Data, Data]>([
    ["one key", { a: 1 }, { a: 2, b: 1 }, { a: 3 }],
    ["one new key", {}, { a: {} }, { a: { b: 1 } }],
    ["a key in an object", { o: { a: 1 } }, { o: { a: 2 } }, { o: { a: 1, b: 1 } }],
    ["a deleted object", { o: { a: 1 } }, { o: { a: 1, b: 1 } }, {}],
  ])("are not all: %s", (_what, base, mine, theirs) => {
    expect(both(base, mine, theirs)).toBeUndefined();
    expect(both(base, theirs, mine)).toBeUndefined();
  });
});

describe("for any three sessions", () => {
  const anySessions = fc.tuple(anyData, anyData, anyData);

  it("the one that changed nothing gives way to the other", () => {
    fc.assert(
      fc.property(anyData, anyData, (base, other) => {
        expect(portrait(merged(base, base, other))).toBe(portrait(other));
        expect(textOf(merged(base, other, base))).toEqual(textOf(sortedLike(other, base)));
      }),
      { examples: [[{ cart: { apples: 1, plums: 2 } }, { cart: { plums: 2, apples: 1 } }]] },
    );
  });

  it("two that agree stay as they are", () => {
    fc.assert(
      fc.property(anyData, anyData, (base, both) => {
        expect(textOf(merged(base, both, both))).toBe(textOf(both));
      }),
    );
  });

  it("each top-level value is one of theirs, or made of two plain objects", () => {
    fc.assert(
      fc.property(anySessions, ([base, mine, theirs]) => {
        for (const [key, value] of Object.entries(merged(base, mine, theirs))) {
          const sources = [own(mine, key), own(theirs, key)];
          if (sources.some((source) => equal(source, value))) continue;
          expect(sources.map((source) => Object.prototype.toString.call(source))).toEqual([
            "[object Object]",
            "[object Object]",
          ]);
        }
      }),
    );
  });

  it("changes at different paths survive in either order", () => {
    const path = fc.array(fc.constantFrom("a", "b", "c"), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(path, { maxLength: 6 }), path, path, (known, first, second) => {
        fc.pre(first.join() !== second.join());
        const around = [first, second].map(([a = "", b = ""]) => [a, b, "known"]);
        const base = [...known, ...around].reduce((data, at) => withLeaf(data, at, "base"), {});
        const mine = withLeaf(base, first, "mine");
        const theirs = withLeaf(base, second, "theirs");
        const both = withLeaf(theirs, first, "mine");
        expect(merged(base, mine, theirs)).toEqual(both);
        expect(merged(base, theirs, mine)).toEqual(both);
      }),
    );
  });
});

function own(data: Data, key: string): unknown {
  return Object.hasOwn(data, key) ? data[key] : undefined;
}

/** The data with its keys in the order of `first`, also inside the objects that both have. */
function sortedLike(data: Data, first: Data): Data {
  const keys = [...new Set([...Object.keys(first), ...Object.keys(data)])];
  const sorted = (value: unknown, like: unknown) =>
    isPlainObject(value) && isPlainObject(like) ? sortedLike(value, like) : value;
  return Object.fromEntries(
    keys
      .filter((key) => Object.hasOwn(data, key))
      .map((key) => [key, sorted(data[key], own(first, key))]),
  );
}

function withLeaf(data: Data, [key = "", ...rest]: string[], leaf: string): Data {
  const inner = rest.length === 0 ? leaf : withLeaf((data[key] ?? {}) as Data, rest, leaf);
  return { ...data, [key]: inner };
}
