import { beforeEach, describe, expect, it } from "vitest";
import { SessionContextError } from "../../src/errors/errors.ts";
import { loadPayload } from "../../src/formats/payload.ts";
import { SessionObject } from "../../src/session/session-object.ts";
import { BoundSessions, emptyPayload } from "../support/bound-sessions.ts";
import { thrownBy } from "../support/thrown.ts";
import type { LooseSession } from "../support/visitor.ts";

let bound: BoundSessions;

beforeEach(() => {
  bound = new BoundSessions();
});

describe("a session as an object", () => {
  it("has its data, and nothing else, as its own enumerable properties", () => {
    const session = bound.open('{"visits":3,"cart":{"apples":"20"}}');
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
    const session = bound.open();
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
    const session = bound.open("{}");
    for (const control of ["permanent", "modified", "isNew", "clear", "save"]) {
      expect(control in session, control).toBe(true);
      expect(Object.hasOwn(session, control), control).toBe(false);
    }
    expect(Symbol.asyncDispose in session).toBe(true);
  });

  it("is no promise, so that it can be awaited", async () => {
    const session = bound.open('{"then":1}');
    expect(await session).toBe(session);
  });

  it("is new when the request came without a cookie", () => {
    expect(bound.open().isNew).toBe(true);
    expect(bound.open("{}").isNew).toBe(false);
  });

  it("stays new when it has been saved: the request it came with is the same", async () => {
    const session = bound.open();
    session.visits = 1;
    await session.save();
    expect(session.isNew).toBe(true);
  });
});

describe("a control", () => {
  it.each(["save", "clear", "isNew", Symbol.asyncDispose])(
    "%o cannot be replaced by data",
    (control) => {
      const session = bound.open("{}") as unknown as Record<PropertyKey, unknown>;
      expect(() => {
        session[control] = "data";
      }).toThrow(TypeError);
      expect(Object.keys(session)).toEqual([]);
    },
  );

  it("is not hidden by data of its name that another writer of the cookie put there", async () => {
    const session = bound.open(
      '{"save":"x","clear":1,"isNew":2,"modified":3,"permanent":4,"toJSON":5,"a":5}',
    );
    expect(session.save).toBeTypeOf("function");
    expect(session.toJSON).toBeTypeOf("function");
    expect(session.isNew).toBe(false);
    expect(session.permanent).toBe(false);
    expect(Object.keys(session)).toEqual(["a"]);
  });

  it("lets data of its name through a save untouched", async () => {
    const session = bound.open('{"save":"x","a":5,"permanent":{"deep":[1]}}');
    session.a = 6;
    await session.save();
    expect(loadPayload(bound.saved[0]?.text as string)).toMatchObject({
      data: { save: "x", a: 6, permanent: { deep: [1] } },
      permanent: false,
    });
  });

  it("does not take data of its name for a change", () => {
    expect(bound.open('{"save":"x","a":5}').modified).toBe(false);
    expect(bound.open('{"a":5,"save":"x"}').modified).toBe(false);
  });

  it("loses data of its name when the session is cleared", async () => {
    const session = bound.open('{"save":"x","a":5}');
    session.clear();
    await session.save();
    expect(bound.savedTexts).toEqual([["{}", true]]);
  });
});

describe("data with a name that objects have by nature", () => {
  const text = '{"__proto__":{"admin":true},"constructor":1,"toString":2,"hasOwnProperty":3}';

  it("is data", async () => {
    const session = bound.open(text);
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
    expect(bound.saved[0]?.text).toBe(text.replace(/}$/, ',"more":1}'));
  });

  it.each(["a text", { admin: true }])("is data when it is assigned, as %j", async (value) => {
    const session = bound.open("{}");
    const key = "__proto__";
    session[key] = value;
    expect(Object.entries(session)).toEqual([[key, value]]);
    expect(session.admin).toBeUndefined();
    expect(session).toBeInstanceOf(SessionObject);
    session[key] = "another";
    await session.save();
    expect(bound.saved[0]?.text).toBe('{"__proto__":"another"}');
  });
});

describe("permanent", () => {
  it("is read from the session and kept in it", async () => {
    expect(bound.open("{}").permanent).toBe(false);
    const session = bound.open('{" p":{"a":1}}');
    expect(session.permanent).toBe(true);
    session.permanent = false;
    await session.save();
    expect(bound.saved[0]).toEqual({
      payload: { ...emptyPayload, data: { a: 1 } },
      text: '{"a":1}',
      modified: true,
    });
  });
});

describe("clear", () => {
  it("removes all data and permanence, and begins a new session", async () => {
    const session = bound.open('{" p":{" c":[5,{"a":1,"__proto__":2}]}}', () => ({
      ...emptyPayload,
      createdAt: 9,
    }));
    session.clear();
    expect(Reflect.ownKeys(session)).toEqual([]);
    expect(session.permanent).toBe(false);
    session.b = 2;
    await session.save();
    expect(bound.saved[0]?.text).toBe('{" c":[9,{"b":2}]}');
  });
});

describe("a session that is handed on", () => {
  it("gives its data as a plain object, by spreading it or by toJSON()", () => {
    const session = bound.open('{"visits":3,"cart":{"apples":"20"}}');
    const data = { visits: 3, cart: { apples: "20" } };
    for (const copy of [{ ...session }, session.toJSON(), structuredClone(session)]) {
      expect(copy).toStrictEqual(data);
    }
    expect(JSON.stringify({ session, list: [session] })).toBe(
      JSON.stringify({ session: data, list: [data] }),
    );
  });

  it("equals its data, and is strictly another thing", () => {
    const session = bound.open('{"visits":3}');
    expect(session).toEqual({ visits: 3 });
    expect(session).not.toStrictEqual({ visits: 3 });
  });

  it.each(["client component", "cached function"])(
    "is refused where React sends it to a %s",
    () => {
      // React's serializers look for it: see the pages /client-prop and /use-cache of the fixtures.
      const react = (value: object) => Reflect.get(value, "@@iterator");
      expect(() => react(bound.open('{"visits":3}'))).toThrow("get getPublicSession()");
      expect(react({ ...bound.open('{"visits":3}') })).toBeUndefined();
    },
  );

  it("keeps data of any name, even of that which React looks for", () => {
    const session = bound.open('{"@@iterator":1}');
    expect({ ...session }).toEqual({ "@@iterator": 1 });
    const other = bound.open();
    other["@@iterator"] = 2;
    expect(JSON.stringify(other)).toBe('{"@@iterator":2}');
  });

  it("cannot be saved by a copy that kept its class, nor by save() alone", async () => {
    const session = bound.open('{"visits":3}');
    const copy: LooseSession = Object.assign(
      Object.create(Object.getPrototypeOf(session)),
      session,
    );
    const { save } = session;
    for (const act of [() => copy.save(), () => save()]) {
      const { code, message } = await thrownBy(act, SessionContextError);
      expect(code).toBe("ERR_SESSION_COPY");
      expect(message).toContain("{ ...session }");
    }
  });
});
