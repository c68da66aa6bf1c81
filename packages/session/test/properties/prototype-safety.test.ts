import fc from "fast-check";
import { seal } from "iron-webcrypto";
import { describe, expect, it } from "vitest";
import { flaskCodec } from "../../src/formats/flask/flask.ts";
import { sealedCodec } from "../../src/formats/sealed.ts";
import { signedCodec } from "../../src/formats/signed.ts";
import { checkOptions } from "../../src/options/check-options.ts";
import type { SessionOptions } from "../../src/options/options.ts";
import { SessionObject } from "../../src/session/session-object.ts";
import { changedInPlace, merge, mergeIndependent, objectsIn } from "../../src/store/merge.ts";
import { NOW, SECRET } from "../support/fixed.ts";
import { MemoryStore } from "../support/memory-store.ts";
import { anyValue } from "../support/values.ts";
import { type LooseSession, sessionsWith, Visitor } from "../support/visitor.ts";

/*
 * Whatever a payload, a cookie's name or an option is called, it stays data: nothing of it is found
 * on a prototype afterwards.
 */

const PROTOTYPES: readonly object[] = [
  Object.prototype,
  Function.prototype,
  Array.prototype,
  Map.prototype,
  Set.prototype,
  Date.prototype,
  Uint8Array.prototype,
  String.prototype,
  Number.prototype,
  Promise.prototype,
  SessionObject.prototype,
];

/** Every property of every prototype there is to reach, and what it is. */
function prototypes(): unknown[] {
  return PROTOTYPES.map((prototype) =>
    Reflect.ownKeys(prototype).map((key) => [key, Object.getOwnPropertyDescriptor(prototype, key)]),
  );
}

/** @throws where `act` changed any of them, which is undone. */
async function leavesPrototypesAlone(act: () => unknown): Promise<void> {
  const before = prototypes();
  try {
    await act();
    expect(prototypes()).toEqual(before);
  } finally {
    delete (Object.prototype as { polluted?: unknown }).polluted;
  }
}

/** Texts, since a literal `__proto__` would not be the key it looks like. */
const TREACHEROUS = [
  '{"__proto__":{"polluted":true}}',
  '{"__proto__":null}',
  '{"__proto__":[],"visits":1}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"prototype":{"polluted":true}}',
  '{"cart":{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}}',
  '{"list":[{"__proto__":{"polluted":true}}]}',
  '{"toString":"polluted","valueOf":1,"hasOwnProperty":false,"then":"y"}',
  '{"nested":{"toJSON":"x","toString":"polluted"}}',
  '{"__defineGetter__":1,"__lookupGetter__":2,"__defineSetter__":3}',
];

/** Cookies with these very texts inside, as only a holder of the secret could make them. */
const FORMATS: Record<string, { options: SessionOptions; encode(text: string): unknown }> = {
  signed: { options: {}, encode: (text) => signedCodec("session", [SECRET]).encode(text, NOW) },
  sealed: {
    options: { format: "sealed" },
    encode: (text) => sealedCodec("session", [SECRET]).encode(text, NOW),
  },
  flask: {
    options: { format: "flask" },
    encode: (text) => flaskCodec([SECRET]).encode(text, NOW),
  },
  "iron-session": {
    options: { accept: ["iron-session"] },
    encode: async (text) => {
      const { defaults } = await import("iron-webcrypto");
      const sealed = await seal(
        text,
        { id: "1", secret: SECRET },
        { ...defaults, encode: (json) => json as string },
      );
      return `${sealed}~2`;
    },
  },
};

describe.each(Object.entries(FORMATS))("a %s cookie", (_, { options, encode }) => {
  it.each(TREACHEROUS)("with %s keeps it as data, and reaches no prototype", async (text) => {
    const sessions = await sessionsWith(options);
    const visitor = new Visitor();
    visitor.cookies.set("session", String(await encode(text)));
    await leavesPrototypesAlone(async () => {
      const session = (await sessions.open(visitor.jar())) as LooseSession;
      expect(session.isNew).toBe(false);
      expect(Object.getPrototypeOf(session)).toBe(SessionObject.prototype);
      expect(JSON.stringify({ ...session })).toBe(JSON.stringify(JSON.parse(text)));
      session.changed = true;
      await session.save();
      expect(session.modified).toBe(false);
      await visitor.visits(sessions, (again) => {
        expect({ ...again }).toEqual({ ...JSON.parse(text), changed: true });
        again.clear();
      });
    });
  });
});

describe("a session in a store", () => {
  it.each(TREACHEROUS)(
    "that holds %s is merged with another's change, and reaches no prototype",
    async (text) => {
      const sessions = await sessionsWith({ store: new MemoryStore() });
      const visitor = new Visitor();
      await leavesPrototypesAlone(async () => {
        await visitor.visits(sessions, (session) => {
          session.visits = 1;
        });
        const [mine, theirs] = await Promise.all(
          [1, 2].map(async () => (await sessions.open(visitor.jar())) as LooseSession),
        );
        const data = JSON.parse(text);
        for (const key of Object.keys(data)) {
          Object.defineProperty(mine, key, {
            value: data[key],
            enumerable: true,
            writable: true,
            configurable: true,
          });
        }
        Object.assign(theirs as object, { other: 1 });
        await theirs?.save();
        await mine?.save();
        expect(await visitor.finds(sessions)).toEqual({ visits: 1, ...data, other: 1 });
      });
    },
  );
});

it("no key and no value, wherever they lie, reach a prototype in a merge", async () => {
  const data = fc.dictionary(
    fc.constantFrom("__proto__", "constructor", "prototype", "a", "toString"),
    fc.oneof(
      anyValue,
      fc.dictionary(fc.constantFrom("__proto__", "polluted", "prototype"), fc.constant(true)),
    ),
    { noNullPrototype: true },
  );
  const equal = (a: unknown, b: unknown) => Object.is(a, b);
  await leavesPrototypesAlone(() =>
    fc.assert(
      fc.property(data, data, data, (base, mine, theirs) => {
        for (const handedOut of [base, mine]) {
          merge(base, mine, theirs, changedInPlace(objectsIn(handedOut), mine), equal);
        }
        mergeIndependent(base, mine, theirs, equal);
      }),
    ),
  );
});

describe("a cookie's name", () => {
  it.each(["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "then"])(
    "may be %s, and is a name like any other",
    async (name) => {
      const sessions = await sessionsWith({ name, chunk: true });
      const visitor = new Visitor();
      await leavesPrototypesAlone(async () => {
        expect(await visitor.finds(sessions)).toEqual({});
        await visitor.visits(sessions, (session) => {
          session.visits = 1;
        });
        expect([...visitor.cookies.keys()]).toEqual([name]);
        expect(await visitor.finds(sessions)).toEqual({ visits: 1 });
      });
    },
  );

  it("in a request is compared, and never looked up in an object", async () => {
    const sessions = await sessionsWith();
    await leavesPrototypesAlone(async () => {
      const cookieHeader =
        "__proto__=polluted; constructor=x; __proto__[polluted]=1; session.__proto__=1";
      const session = await sessions.open({ cookieHeader, assertWritable() {}, set() {} });
      expect({ ...session }).toEqual({});
    });
  });
});

describe("an option", () => {
  it.each([
    '{"__proto__":{"polluted":true}}',
    '{"cookie":{"__proto__":{"polluted":true}}}',
    '{"format":{"format":"signed","__proto__":{"polluted":true}}}',
    '{"constructor":{"prototype":{"polluted":true}}}',
  ])("out of a file, such as %s, is refused and reaches no prototype", async (text) => {
    await leavesPrototypesAlone(() => {
      expect(() => checkOptions({ secret: SECRET, ...JSON.parse(text) })).toThrow(
        /There is no session option `(cookie\.|format\.)?(__proto__|constructor)`/,
      );
    });
  });
});

it("these tests notice a merge that assigns what it finds", async () => {
  const assign = (into: Record<string, unknown>, from: Record<string, unknown>): void => {
    for (const [key, value] of Object.entries(from)) {
      if (typeof value === "object" && value !== null && typeof into[key] === "object") {
        assign(into[key] as never, value as never);
      } else into[key] = value;
    }
  };
  for (const text of [TREACHEROUS[0], TREACHEROUS[5]] as string[]) {
    const naive = leavesPrototypesAlone(() => assign({ cart: {} }, JSON.parse(text)));
    await expect(naive).rejects.toThrow("to deeply equal");
  }
  expect("polluted" in {}).toBe(false);
});
