import { inspect } from "node:util";
import { beforeEach, describe, expect, it } from "vitest";
import { SessionContextError, SessionSerializationError } from "../../src/errors/errors.ts";
import type { Payload } from "../../src/formats/codec.ts";
import { dumpPayload, loadPayload } from "../../src/formats/payload.ts";
import type { SessionBinding, Snapshot } from "../../src/session/binding.ts";
import { SessionObject } from "../../src/session/session-object.ts";
import { unsavedKeys } from "../../src/session/unsaved-keys.ts";
import { AGE } from "../support/fixed.ts";
import { thrownBy } from "../support/thrown.ts";

type Loose = SessionObject & Record<string, unknown>;

let saved: Snapshot[];
let save: SessionBinding["save"];
/** Does the browser hold a cookie? */
let canRenew: boolean;

beforeEach(() => {
  saved = [];
  canRenew = false;
  save = async (snapshot) => {
    saved.push(snapshot);
  };
});

const emptyPayload: Payload = { data: {}, permanent: false, createdAt: undefined };

function open(text?: string, begin: () => Payload = () => emptyPayload): Loose {
  const binding: SessionBinding = {
    begin,
    serialize: dumpPayload,
    parse: loadPayload,
    canRenew: () => canRenew,
    age: AGE,
    save: (snapshot) => save(snapshot),
  };
  const payload = text === undefined ? begin() : loadPayload(text);
  const savedText = text ?? dumpPayload(payload);
  return new SessionObject(binding, payload, text === undefined, savedText) as Loose;
}

const savedTexts = () => saved.map(({ text, modified }) => [text, modified]);

describe("a session as an object", () => {
  it("has its data, and nothing else, as its own enumerable properties", () => {
    const session = open('{"visits":3,"cart":{"apples":"20"}}');
    expect(Object.keys(session)).toEqual(["visits", "cart"]);
    expect(Object.entries(session)).toEqual([
      ["visits", 3],
      ["cart", { apples: "20" }],
    ]);
    expect({ ...session }).toEqual({ visits: 3, cart: { apples: "20" } });
    expect(JSON.stringify(session)).toBe('{"visits":3,"cart":{"apples":"20"}}');
    const seen: string[] = [];
    for (const key in session) seen.push(key);
    expect(seen).toEqual(["visits", "cart"]);
    expect(Reflect.ownKeys(session)).toEqual(["visits", "cart"]);
  });

  it("takes, gives and loses keys like any object", () => {
    const session = open();
    expect("visits" in session).toBe(false);
    session.visits = 1;
    Object.assign(session, { name: "Ann", theme: "dark" });
    delete session.theme;
    expect("visits" in session && Object.hasOwn(session, "name")).toBe(true);
    const { visits, ...rest } = session;
    expect(visits).toBe(1);
    expect(rest).toEqual({ name: "Ann" });
  });

  it("has its controls beside its data", () => {
    const session = open("{}");
    for (const control of ["permanent", "modified", "isNew", "clear", "save"]) {
      expect(control in session, control).toBe(true);
      expect(Object.hasOwn(session, control), control).toBe(false);
    }
    expect(Symbol.asyncDispose in session).toBe(true);
  });

  it("is no promise, so that it can be awaited", async () => {
    const session = open('{"then":1}');
    expect(await session).toBe(session);
  });

  it("is new when the request came without a cookie", () => {
    expect(open().isNew).toBe(true);
    expect(open("{}").isNew).toBe(false);
  });

  it("stays new when it has been saved: the request it came with is the same", async () => {
    const session = open();
    session.visits = 1;
    await session.save();
    expect(session.isNew).toBe(true);
  });
});

describe("a control", () => {
  it.each(["save", "clear", "isNew", Symbol.asyncDispose])(
    "%o cannot be replaced by data",
    (control) => {
      const session = open("{}") as unknown as Record<PropertyKey, unknown>;
      expect(() => {
        session[control] = "data";
      }).toThrow(TypeError);
      expect(Object.keys(session)).toEqual([]);
    },
  );

  it("is not hidden by data of its name that another writer of the cookie put there", async () => {
    const session = open(
      '{"save":"x","clear":1,"isNew":2,"modified":3,"permanent":4,"toJSON":5,"a":5}',
    );
    expect(session.save).toBeTypeOf("function");
    expect(session.toJSON).toBeTypeOf("function");
    expect(session.isNew).toBe(false);
    expect(session.permanent).toBe(false);
    expect(Object.keys(session)).toEqual(["a"]);
  });

  it("lets data of its name through a save untouched", async () => {
    const session = open('{"save":"x","a":5,"permanent":{"deep":[1]}}');
    session.a = 6;
    await session.save();
    expect(loadPayload(saved[0]?.text as string)).toMatchObject({
      data: { save: "x", a: 6, permanent: { deep: [1] } },
      permanent: false,
    });
  });

  it("does not take data of its name for a change", () => {
    expect(open('{"save":"x","a":5}').modified).toBe(false);
    expect(open('{"a":5,"save":"x"}').modified).toBe(false);
  });

  it("loses data of its name when the session is cleared", async () => {
    const session = open('{"save":"x","a":5}');
    session.clear();
    await session.save();
    expect(savedTexts()).toEqual([["{}", true]]);
  });
});

describe("data with a name that objects have by nature", () => {
  const text = '{"__proto__":{"admin":true},"constructor":1,"toString":2,"hasOwnProperty":3}';

  it("is data", async () => {
    const session = open(text);
    expect(Object.keys(session)).toEqual([
      "__proto__",
      "constructor",
      "toString",
      "hasOwnProperty",
    ]);
    expect(session.admin).toBeUndefined();
    expect(session).toBeInstanceOf(SessionObject);
    expect(session.modified).toBe(false);
    session.more = 1;
    await session.save();
    expect(saved[0]?.text).toBe(text.replace(/}$/, ',"more":1}'));
  });

  it.each(["a text", { admin: true }])("is data when it is assigned, as %j", async (value) => {
    const session = open("{}");
    const key = "__proto__";
    session[key] = value;
    expect(Object.entries(session)).toEqual([[key, value]]);
    expect(session.admin).toBeUndefined();
    expect(session).toBeInstanceOf(SessionObject);
    session[key] = "another";
    await session.save();
    expect(saved[0]?.text).toBe('{"__proto__":"another"}');
  });
});

describe("modified", () => {
  const text = '{"visits":3,"cart":{"apples":"20"},"list":[1,[2]]}';

  it("is false for a session that was only read, new or not", () => {
    expect(open().modified).toBe(false);
    const session = open(text);
    expect([session.visits, session.cart, session.modified]).toEqual([3, { apples: "20" }, false]);
  });

  it.each<[string, (session: Loose) => void]>([
    ["a key is set", (session) => Object.assign(session, { visits: 4 })],
    ["a key is added", (session) => Object.assign(session, { name: "Ann" })],
    ["a key is deleted", (session) => delete session.visits],
    ["something nested is set", (session) => ((session.cart as Loose).apples = "100")],
    ["something nested is deleted", (session) => delete (session.cart as Loose).apples],
    ["an array deep inside is pushed to", (session) => (session.list as number[][])[1]?.push(3)],
    ["it is made permanent", (session) => (session.permanent = true)],
    ["it is cleared", (session) => session.clear()],
  ])("is true when %s, and false when all is put back", (_, change) => {
    const session = open(text);
    change(session);
    expect(session.modified).toBe(true);
    session.permanent = false;
    session.clear();
    Object.assign(session, JSON.parse(text));
    expect(session.modified).toBe(false);
  });

  it("is false when a key is set to undefined that was not there", () => {
    const session = open("{}");
    session.ghost = undefined;
    expect(session.modified).toBe(false);
  });

  it("can be set by hand to either, until the next save", async () => {
    const session = open(text);
    session.modified = true;
    expect(session.modified).toBe(true);
    await session.save();
    expect(session.modified).toBe(false);
    await session.save();
    expect(savedTexts()).toEqual([
      [text, true],
      [text, false],
    ]);
  });

  it("set to false by hand waives the changes so far, and is overruled by true", async () => {
    const session = open("{}");
    session.visits = 1;
    session.modified = false;
    expect(session.modified).toBe(false);
    await session.save();
    expect(savedTexts()).toEqual([]);
    session.modified = true;
    await session.save();
    expect(savedTexts()).toEqual([['{"visits":1}', true]]);
  });

  it("set to false by hand does not waive a later change, and that saves all there is", async () => {
    const session = open("{}");
    session.cart = { figs: 1 };
    session.modified = false;
    (session.cart as Record<string, number>).figs = 2;
    expect(session.modified).toBe(true);
    await session.save();
    expect(savedTexts()).toEqual([['{"cart":{"figs":2}}', true]]);
    expect(session.modified).toBe(false);
  });

  it("set to false by hand does not count a later change that is undone", async () => {
    const session = open("{}");
    session.visits = 1;
    session.modified = false;
    session.visits = 2;
    session.visits = 1;
    await session.save();
    delete session.visits;
    await session.save();
    expect(savedTexts()).toEqual([["{}", false]]);
  });

  it.each<["clear" | "regenerate"]>([["clear"], ["regenerate"]])(
    "set to false by hand waives no %s(), earlier or later",
    async (renewal) => {
      canRenew = true;
      const earlier = open('{"a":1}');
      earlier[renewal]();
      earlier.modified = false;
      const later = open('{"a":1}');
      later.modified = false;
      later[renewal]();
      for (const session of [earlier, later]) {
        expect(session.modified).toBe(true);
        await session.save();
      }
      expect(saved).toMatchObject([
        { renewal, modified: true },
        { renewal, modified: true },
      ]);
    },
  );
});

describe("permanent", () => {
  it("is read from the session and kept in it", async () => {
    expect(open("{}").permanent).toBe(false);
    const session = open('{" p":{"a":1}}');
    expect(session.permanent).toBe(true);
    session.permanent = false;
    await session.save();
    expect(saved[0]).toEqual({
      payload: { ...emptyPayload, data: { a: 1 } },
      text: '{"a":1}',
      modified: true,
    });
  });
});

describe("clear", () => {
  it("removes all data and permanence, and begins a new session", async () => {
    const session = open('{" p":{" c":[5,{"a":1,"__proto__":2}]}}', () => ({
      ...emptyPayload,
      createdAt: 9,
    }));
    session.clear();
    expect(Reflect.ownKeys(session)).toEqual([]);
    expect(session.permanent).toBe(false);
    session.b = 2;
    await session.save();
    expect(saved[0]?.text).toBe('{" c":[9,{"b":2}]}');
  });
});

describe("save", () => {
  it("hands on what there is, and whether it was changed", async () => {
    const session = open('{" c":[5,{"a":1}]}');
    await session.save();
    session.a = 2;
    session.permanent = true;
    await session.save();
    expect(saved).toEqual([
      {
        payload: { data: { a: 1 }, permanent: false, createdAt: 5 },
        text: '{" c":[5,{"a":1}]}',
        modified: false,
      },
      {
        payload: { data: { a: 2 }, permanent: true, createdAt: 5 },
        text: '{" p":{" c":[5,{"a":2}]}}',
        modified: true,
      },
    ]);
  });

  it("finds no change in what it has just saved", async () => {
    const session = open();
    session.a = 1;
    await session.save();
    expect(session.modified).toBe(false);
    await session.save();
    session.a = 2;
    await session.save();
    expect(savedTexts()).toEqual([
      ['{"a":1}', true],
      ['{"a":1}', false],
      ['{"a":2}', true],
    ]);
  });

  it("runs once at a time, in the order of the calls", async () => {
    const running: string[] = [];
    save = async ({ text, modified }) => {
      running.push(`begin ${text} ${modified}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running.push(`end ${text}`);
    };
    const session = open();
    session.a = 1;
    await Promise.all([session.save(), session.save()]);
    expect(running).toEqual([
      'begin {"a":1} true',
      'end {"a":1}',
      'begin {"a":1} false',
      'end {"a":1}',
    ]);
  });

  it("that fails leaves the change to be saved, and the next call saves it", async () => {
    const failure = new Error("the response is gone");
    const working = save;
    save = () => Promise.reject(failure);
    const session = open();
    session.a = 1;
    await expect(session.save()).rejects.toBe(failure);
    expect(session.modified).toBe(true);
    save = working;
    await session.save();
    expect(savedTexts()).toEqual([['{"a":1}', true]]);
  });

  it("tells each caller of its own failure, and not the one who called before", async () => {
    const failure = new Error("once");
    const working = save;
    save = () => {
      save = working;
      return Promise.reject(failure);
    };
    const session = open();
    session.a = 1;
    const [first, second] = await Promise.allSettled([session.save(), session.save()]);
    expect(first).toEqual({ status: "rejected", reason: failure });
    expect(second).toEqual({ status: "fulfilled", value: undefined });
  });

  it("of what cannot be kept throws, and nothing is handed on", async () => {
    const session = open();
    session.user = { lastSeen: Promise.resolve() };
    const error = await thrownBy(() => session.save(), SessionSerializationError);
    expect(error.message).toContain("session.user.lastSeen is a Promise");
    expect(saved).toEqual([]);
  });

  it("includes a change made while the save before it was under way", async () => {
    const session = open();
    const working = save;
    save = async (snapshot) => {
      await working(snapshot);
      session.b = 2;
    };
    session.a = 1;
    await session.save();
    expect(session.modified).toBe(true);
    await session.save();
    expect(savedTexts()).toEqual([
      ['{"a":1}', true],
      ['{"a":1,"b":2}', true],
    ]);
  });
});

describe("the end of an await using scope", () => {
  it("saves, once all in it is done", async () => {
    {
      await using session = open("{}");
      session.a = 1;
      expect(saved).toEqual([]);
    }
    expect(savedTexts()).toEqual([['{"a":1}', true]]);
  });

  it("saves when an error is thrown through it, and lets the error pass", async () => {
    const failure = new Error("NEXT_REDIRECT");
    await expect(
      (async () => {
        await using session = open("{}");
        session.a = 1;
        throw failure;
      })(),
    ).rejects.toBe(failure);
    expect(savedTexts()).toEqual([['{"a":1}', true]]);
  });

  it("of two scopes with one session saves at the end of each", async () => {
    const session = open("{}");
    {
      await using outer = session;
      {
        await using inner = session;
        inner.a = 1;
      }
      outer.b = 2;
    }
    expect(savedTexts()).toEqual([
      ['{"a":1}', true],
      ['{"a":1,"b":2}', true],
    ]);
  });
});

describe("what would be lost", () => {
  const unsaved = (session: Loose) => unsavedKeys(SessionObject.unsaved(session));

  it("is nothing while nothing was changed, and after a save", async () => {
    const session = open('{"a":1}');
    expect(unsaved(session)).toEqual([]);
    session.a = 2;
    await session.save();
    expect(unsaved(session)).toEqual([]);
  });

  it("is not reported again after a save that threw, until one succeeds", async () => {
    const session = open('{"a":1}');
    session.a = Number.NaN;
    await expect(session.save()).rejects.toThrow("session.a is NaN");
    expect(unsaved(session)).toEqual([]);
    session.a = 2;
    await session.save();
    session.a = 3;
    expect(unsaved(session)).toEqual(["a"]);
  });

  it("is each key that was set, deleted or changed inside", () => {
    const session = open('{"a":1,"b":{"c":1},"d":2,"e":3}');
    session.a = 2;
    (session.b as Loose).c = 2;
    delete session.d;
    session.f = 4;
    expect(unsaved(session)).toEqual(["a", "b", "d", "f"]);
  });

  it("is permanent too, when that was changed", () => {
    const session = open('{"a":1}');
    session.permanent = true;
    expect(unsaved(session)).toEqual(["permanent"]);
  });

  it("is each key of a session that was cleared", () => {
    const session = open('{" p":{"a":1,"b":2}}');
    session.clear();
    expect(unsaved(session)).toEqual(["a", "b", "permanent"]);
  });

  it.each<["clear" | "regenerate"]>([["clear"], ["regenerate"]])("is a %s() too", (renewal) => {
    canRenew = true;
    const session = open("{}");
    session[renewal]();
    expect(unsaved(session)).toEqual([`${renewal}()`]);
  });

  it("may have the name of what objects have by nature", () => {
    const session = open('{"valueOf":1}');
    Object.assign(session, { toString: "text" });
    Reflect.deleteProperty(session, "valueOf");
    expect(unsaved(session)).toEqual(["valueOf", "toString"]);
  });

  it("is nothing where the change was waived by hand", () => {
    const session = open("{}");
    session.a = 1;
    session.modified = false;
    expect(unsaved(session)).toEqual([]);
  });
});

describe("a session that is handed on", () => {
  it("gives its data as a plain object, by spreading it or by toJSON()", () => {
    const session = open('{"visits":3,"cart":{"apples":"20"}}');
    const data = { visits: 3, cart: { apples: "20" } };
    for (const copy of [{ ...session }, session.toJSON(), structuredClone(session)]) {
      expect(copy).toStrictEqual(data);
    }
    expect(JSON.stringify({ session, list: [session] })).toBe(
      JSON.stringify({ session: data, list: [data] }),
    );
  });

  it("equals its data, and is strictly another thing", () => {
    const session = open('{"visits":3}');
    expect(session).toEqual({ visits: 3 });
    expect(session).not.toStrictEqual({ visits: 3 });
  });

  it.each(["client component", "cached function"])(
    "is refused where React sends it to a %s",
    () => {
      // React's serializers look for it: see the pages /client-prop and /use-cache of the fixtures.
      const react = (value: object) => Reflect.get(value, "@@iterator");
      expect(() => react(open('{"visits":3}'))).toThrow("get getPublicSession()");
      expect(react({ ...open('{"visits":3}') })).toBeUndefined();
    },
  );

  it("keeps data of any name, even of that which React looks for", () => {
    const session = open('{"@@iterator":1}');
    expect({ ...session }).toEqual({ "@@iterator": 1 });
    const other = open();
    other["@@iterator"] = 2;
    expect(JSON.stringify(other)).toBe('{"@@iterator":2}');
  });

  it("cannot be saved by a copy that kept its class, nor by save() alone", async () => {
    const session = open('{"visits":3}');
    const copy: Loose = Object.assign(Object.create(Object.getPrototypeOf(session)), session);
    const { save } = session;
    for (const act of [() => copy.save(), () => save()]) {
      const { code, message } = await thrownBy(act, SessionContextError);
      expect(code).toBe("ERR_SESSION_COPY");
      expect(message).toContain("{ ...session }");
    }
  });
});

describe("a session that is printed", () => {
  it("shows its data under its own name", () => {
    expect(inspect(open('{"visits":3,"cart":{"apples":"20"}}'))).toBe(
      "Session { visits: 3, cart: { apples: '20' } }",
    );
  });

  it("shows the controls that are not at their default", () => {
    const session = open('{"visits":4}');
    session.permanent = true;
    session.flash("notice", "Saved");
    expect(inspect(session)).toBe(
      "Session { visits: 4 } with {\n  permanent: true,\n  modified: true,\n  flashes: [ { category: 'notice', message: 'Saved' } ]\n}",
    );
    expect(inspect(open())).toBe("Session {} with { isNew: true }");
  });

  it("is printed as deep as any object, also where it holds what cannot be kept", () => {
    const session = open('{"a":{"b":{"c":{}}}}');
    expect(inspect({ deep: { deeper: { session } } })).toContain("[Session]");
    expect(inspect(session, { depth: null })).toBe("Session { a: { b: { c: {} } } }");
    session.a = Promise.resolve();
    expect(inspect(session)).toContain("modified: true");
  });
});
