import { beforeEach, describe, expect, it, vi } from "vitest";
import { defineSession } from "../../src/core/define-session.ts";
import type { SessionManager } from "../../src/core/session-manager.ts";
import { SessionReadOnlyError, SessionSerializationError } from "../../src/errors/errors.ts";
import type { SessionOptions } from "../../src/options/options.ts";
import { SessionObject } from "../../src/session/session-object.ts";
import { unsavedKeys } from "../../src/session/unsaved-keys.ts";
import { DAY, NOW, SECRET, stoppedClock } from "../support/fixed.ts";
import { AtomicMemoryStore, MemoryStore } from "../support/memory-store.ts";
import { thrownBy } from "../support/thrown.ts";
import { type LooseSession, sessionsWith, Visitor } from "../support/visitor.ts";

describe.each([
  ["without compareAndSet", MemoryStore],
  ["with compareAndSet", AtomicMemoryStore],
])("a session in a store %s", (_which, Store) => {
  let store: MemoryStore;
  let visitor: Visitor;
  let sessions: SessionManager;
  let onReject: ReturnType<typeof vi.fn<(reason: string) => void>>;
  let clock: ReturnType<typeof stoppedClock>;

  const withStore = (options: SessionOptions = {}) =>
    sessionsWith({ store, onReject, clock, ...options });
  const open = async (browser = visitor) => (await sessions.open(browser.jar())) as LooseSession;
  const copyOf = (browser: Visitor) => {
    const copy = new Visitor();
    for (const [name, value] of browser.cookies) copy.cookies.set(name, value);
    return copy;
  };

  beforeEach(async () => {
    store = new Store();
    visitor = new Visitor();
    onReject = vi.fn();
    clock = stoppedClock();
    sessions = await withStore();
  });

  it("is kept there, and the cookie holds a signed id alone", async () => {
    const [cookie] = await visitor.visits(sessions, (session) => {
      session.visits = 1;
    });
    expect(store.record).toEqual([NOW, { visits: 1 }]);
    expect(cookie?.value).toMatch(/^[\w-]{43}\.[\w-]+\.[\w-]{43}$/);
    expect(await visitor.finds(sessions)).toEqual({ visits: 1 });
  });

  it("keeps every type that a cookie keeps", async () => {
    const data = { when: new Date(5), big: 5n, tags: new Set(["a"]), bytes: new Uint8Array([1]) };
    await visitor.visits(sessions, (session) => Object.assign(session, data));
    expect(await visitor.finds(sessions)).toEqual(data);
  });

  it("may be of any size", async () => {
    const text = "x".repeat(100_000);
    await visitor.visits(sessions, (session) => Object.assign(session, { text }));
    expect(await visitor.finds(sessions)).toEqual({ text });
  });

  it("leaves neither its id nor its cookie in the store, nor the key in the cookie", async () => {
    const [cookie] = await visitor.visits(sessions, (session) => {
      session.visits = 1;
    });
    const [id = ""] = (cookie?.value ?? "").split(".");
    const content = JSON.stringify([...store.entries]);
    expect(id).toHaveLength(43);
    expect(content).not.toContain(id);
    const [key = ""] = store.entries.keys();
    expect(key).toMatch(/^session:[\w-]{43}$/);
    expect(cookie?.value).not.toContain(key.slice("session:".length));
  });

  it("touches the store neither when there is no cookie nor when there is nothing to keep", async () => {
    await visitor.visits(sessions);
    await visitor.visits(sessions, (session) => {
      session.visits = 1;
      delete session.visits;
    });
    visitor.cookies.set("session", "forged.Zg.signature");
    await visitor.visits(sessions);
    expect(store.calls).toEqual([]);
  });

  it("is read once and not written where nothing changed", async () => {
    await visitor.visits(sessions, (session) => {
      session.visits = 1;
    });
    store.calls.length = 0;
    expect(await visitor.visits(sessions)).toEqual([]);
    expect(store.calls).toEqual(["get"]);
  });

  it("keeps its id when it changes, and its cookie is sent again", async () => {
    await visitor.visits(sessions, (session) => {
      session.visits = 1;
    });
    const id = visitor.cookies.get("session")?.split(".")[0];
    clock.pass(10);
    const sent = await visitor.visits(sessions, (session) => {
      session.visits = 2;
    });
    expect(sent).toHaveLength(1);
    expect(visitor.cookies.get("session")?.split(".")[0]).toBe(id);
    expect(store.record).toEqual([NOW + 10, { visits: 2 }]);
  });

  it("is saved twice in one request under one id", async () => {
    await visitor.visits(sessions, async (session) => {
      session.visits = 1;
      await session.save();
      session.visits = 2;
    });
    expect(store.record).toEqual([NOW, { visits: 2 }]);
  });

  it("is written before its cookie, and no cookie is sent where that failed", async () => {
    store.before = (operation) => {
      if (operation === "set") throw new Error("disk full");
    };
    const jar = visitor.jar();
    const session = (await sessions.open(jar)) as LooseSession;
    session.visits = 1;
    await expect(session.save()).rejects.toMatchObject({ code: "ERR_SESSION_STORE" });
    expect(jar.sent).toEqual([]);

    store.before = () => {};
    await session.save();
    expect(jar.sent).toHaveLength(1);
    expect(store.record).toEqual([NOW, { visits: 1 }]);
  });

  it("is not written where no cookie can be sent", async () => {
    await visitor.visits(sessions, (session) => {
      session.visits = 1;
    });
    const session = (await sessions.open(visitor.jar({ readOnly: true }))) as LooseSession;
    session.visits = 2;
    await thrownBy(() => session.save(), SessionReadOnlyError);
    session.clear();
    await thrownBy(() => session.save(), SessionReadOnlyError);
    expect(store.record).toEqual([NOW, { visits: 1 }]);
  });

  it("is not written where its data does not fit the schema", async () => {
    const schema = {
      "~standard": {
        version: 1 as const,
        vendor: "test",
        validate: (value: unknown) =>
          typeof (value as LooseSession).visits === "string"
            ? { issues: [{ message: "is text", path: ["visits"] }] }
            : { value },
      },
    };
    sessions = await withStore({ schema });
    const session = await open();
    session.visits = "many";
    await thrownBy(() => session.save(), SessionSerializationError);
    expect(store.calls).toEqual([]);
  });

  describe("its lifetime", () => {
    it("is idleTimeout in the store, permanent or not, in milliseconds", async () => {
      sessions = await withStore({ idleTimeout: { hours: 2 } });
      await visitor.visits(sessions, (session) => {
        session.visits = 1;
      });
      expect([...store.entries.values()][0]?.ttl).toBe(7_200_000);
      await visitor.visits(sessions, (session) => {
        session.permanent = true;
      });
      expect([...store.entries.values()][0]?.ttl).toBe(7_200_000);
    });

    it("ends by the time of its last change, whatever the store still holds", async () => {
      await visitor.visits(sessions, (session) => {
        session.visits = 1;
      });
      clock.pass(20 * DAY);
      await visitor.visits(sessions, (session) => {
        session.visits = 2;
      });
      clock.pass(31 * DAY);
      expect(await visitor.finds(sessions)).toEqual({ visits: 2 });
      clock.pass(1);
      expect(await visitor.finds(sessions)).toEqual({});
      expect(onReject.mock.calls).toEqual([["expired"]]);
    });

    it("is renewed for a permanent one when refreshAfter has passed, and not before", async () => {
      await visitor.visits(sessions, (session) => {
        session.visits = 1;
        session.permanent = true;
      });
      clock.pass(DAY - 1);
      expect(await visitor.visits(sessions)).toEqual([]);
      clock.pass(1);
      const [cookie] = await visitor.visits(sessions);
      expect(cookie).toMatchObject({ maxAge: 31 * DAY });
      expect(store.record).toEqual([NOW + DAY, { " p": { visits: 1 } }]);
      store.calls.length = 0;
      expect(await visitor.visits(sessions)).toEqual([]);
      expect(store.calls).toEqual(["get"]);
    });

    it("is not renewed, without an error, where no cookie can be sent", async () => {
      await visitor.visits(sessions, (session) => {
        session.visits = 1;
        session.permanent = true;
      });
      clock.pass(2 * DAY);
      await visitor.visits(sessions, () => {}, { readOnly: true });
      expect(store.record).toEqual([NOW, { " p": { visits: 1 } }]);
    });

    it("does not start again with what a parallel request has stored", async () => {
      await visitor.visits(sessions, (session) => {
        session.visits = 1;
      });
      const old = sessions;
      sessions = await withStore({ absoluteTimeout: 100 });
      const session = await open();
      await copyOf(visitor).visits(old, (other) => {
        other.theme = "dark";
      });
      clock.pass(50);
      session.visits = 2;
      await session.save();
      expect(store.record).toEqual([NOW + 50, { " c": [NOW, { visits: 2, theme: "dark" }] }]);
    });

    it("ends at absoluteTimeout, in the store as well", async () => {
      sessions = await withStore({ idleTimeout: 100, absoluteTimeout: 150 });
      await visitor.visits(sessions, (session) => {
        session.visits = 1;
      });
      clock.pass(90);
      await visitor.visits(sessions, (session) => {
        session.visits = 2;
        session.regenerate();
      });
      expect([...store.entries.values()][0]?.ttl).toBe(60_000);
      clock.pass(61);
      expect(await visitor.finds(sessions)).toEqual({});
      expect(onReject.mock.calls).toEqual([["too-old"]]);
    });
  });

  describe("an id", () => {
    it("that the store does not know is never adopted, and fills no store", async () => {
      await visitor.visits(sessions, (session) => {
        session.visits = 1;
      });
      const planted = visitor.cookies.get("session");
      store.entries.clear();
      store.calls.length = 0;

      expect(await visitor.visits(sessions)).toEqual([]);
      expect(new Set(store.calls)).toEqual(new Set(["get"]));
      expect(onReject.mock.calls).toEqual([["unknown-session"]]);

      await visitor.visits(sessions, (session) => {
        expect(session.isNew).toBe(true);
        session.userId = 7;
      });
      expect(visitor.cookies.get("session")?.split(".")[0]).not.toBe(planted?.split(".")[0]);
    });

    it("is of one cookie's name", async () => {
      await visitor.visits(sessions, (session) => {
        session.visits = 1;
      });
      const other = await withStore({ name: "other" });
      visitor.cookies.set("other", visitor.cookies.get("session") as string);
      expect(await visitor.finds(other)).toEqual({});
      expect(onReject.mock.calls).toEqual([["bad-signature"]]);
    });

    it("under an old secret is signed with the new one at the next change", async () => {
      await visitor.visits(sessions, (session) => {
        session.visits = 1;
      });
      const secret = "newest-secret-of-the-tests-0123456789";
      const rotated = await withStore({ secret: [secret, SECRET] });
      await visitor.visits(rotated, (session) => {
        session.visits = 2;
      });
      expect(await visitor.finds(await withStore({ secret }))).toEqual({ visits: 2 });
    });
  });

  describe("sessionId", () => {
    it("is the record's key, known when the session has been saved", async () => {
      await visitor.visits(sessions, async (session) => {
        expect(session.sessionId).toBeUndefined();
        session.visits = 1;
        await session.save();
        expect([session.sessionId]).toEqual([...store.entries.keys()]);
      });
      const { sessionId } = await open();
      expect([sessionId]).toEqual([...store.entries.keys()]);
    });

    it("ends a session when it is deleted from the store", async () => {
      await visitor.visits(sessions, (session) => {
        session.visits = 1;
      });
      await store.delete((await open()).sessionId as string);
      expect(await visitor.finds(sessions)).toEqual({});
    });

    it("is none without a store, where regenerate() changes nothing", async () => {
      sessions = await sessionsWith({});
      await visitor.visits(sessions, (session) => {
        session.visits = 1;
      });
      const session = await open();
      session.regenerate();
      expect(session.sessionId).toBeUndefined();
      expect(session.modified).toBe(false);
      expect(await visitor.visits(sessions, (same) => same.regenerate())).toEqual([]);
    });

    it("cannot be set", async () => {
      const session = await open();
      expect(() => Object.assign(session, { sessionId: "mine" })).toThrow(TypeError);
    });
  });

  describe("regenerate()", () => {
    it("moves the session to a new id and ends the old one", async () => {
      await visitor.visits(sessions, (session) => {
        session.visits = 1;
      });
      const thief = copyOf(visitor);
      const before = (await open()).sessionId;
      const sent = await visitor.visits(sessions, async (session) => {
        session.regenerate();
        expect(session.modified).toBe(true);
        session.userId = 7;
        await session.save();
        expect(session.modified).toBe(false);
        expect(session.sessionId).not.toBe(before);
      });
      expect(sent).toHaveLength(1);
      expect(store.record).toEqual([NOW, { visits: 1, userId: 7 }]);
      expect(await visitor.finds(sessions)).toEqual({ visits: 1, userId: 7 });
      expect(await thief.finds(sessions)).toEqual({});
    });

    it("works without another change, and not at all on an empty new session", async () => {
      await visitor.visits(sessions, (session) => session.regenerate());
      expect(store.calls).toEqual([]);
      await visitor.visits(sessions, (session) => {
        session.visits = 1;
      });
      const before = (await open()).sessionId;
      await visitor.visits(sessions, (session) => session.regenerate());
      expect((await open()).sessionId).not.toBe(before);
      expect(await visitor.finds(sessions)).toEqual({ visits: 1 });
    });

    it("that was never saved is among what would be lost", async () => {
      await visitor.visits(sessions, (session) => {
        session.visits = 1;
      });
      const session = await open();
      expect(unsavedKeys(SessionObject.unsaved(session))).toEqual([]);
      session.regenerate();
      expect(unsavedKeys(SessionObject.unsaved(session))).toEqual(["regenerate()"]);
      await session.save();
      expect(unsavedKeys(SessionObject.unsaved(session))).toEqual([]);
    });

    it("takes along what a parallel request has stored", async () => {
      await visitor.visits(sessions, (session) => {
        session.visits = 1;
      });
      const login = await open();
      await copyOf(visitor).visits(sessions, (session) => {
        session.cart = { figs: "1" };
      });
      login.regenerate();
      login.userId = 7;
      await login.save();
      expect(store.record).toEqual([NOW, { visits: 1, cart: { figs: "1" }, userId: 7 }]);
    });

    it("brings nothing back that a logout has ended meanwhile", async () => {
      await visitor.visits(sessions, (session) => {
        session.userId = 7;
      });
      const rotating = await open();
      const loggingIn = await open();
      await copyOf(visitor).visits(sessions, (session) => session.clear());
      rotating.regenerate();
      await rotating.save();
      expect(store.livingRecords).toEqual([]);
      loggingIn.regenerate();
      loggingIn.theme = "dark";
      await loggingIn.save();
      expect(store.livingRecords).toEqual([]);
    });

    it("leaves the old id as it was where the new one could not be written", async () => {
      await visitor.visits(sessions, (session) => {
        session.visits = 1;
      });
      store.before = (operation) => {
        if (operation === "set") throw new Error("disk full");
      };
      const jar = visitor.jar();
      const session = (await sessions.open(jar)) as LooseSession;
      session.regenerate();
      await expect(session.save()).rejects.toMatchObject({ code: "ERR_SESSION_STORE" });
      expect(jar.sent).toEqual([]);
      store.before = () => {};
      expect(await visitor.finds(sessions)).toEqual({ visits: 1 });
    });
  });

  describe("clear()", () => {
    it("deletes the record and the cookie, and a copy of the cookie is worth nothing", async () => {
      await visitor.visits(sessions, (session) => {
        session.userId = 7;
      });
      const thief = copyOf(visitor);
      const [deletion] = await visitor.visits(sessions, (session) => session.clear());
      expect(deletion).toMatchObject({ name: "session", value: "", maxAge: 0 });
      expect(store.livingRecords).toEqual([]);
      expect(await thief.finds(sessions)).toEqual({});
      expect(onReject.mock.calls).toEqual([["unknown-session"]]);
    });

    it("that failed can be tried again, and then deletes the record", async () => {
      await visitor.visits(sessions, (session) => {
        session.userId = 7;
      });
      const thief = copyOf(visitor);
      const session = await open();
      session.clear();
      store.before = (operation) => {
        if (operation !== "get") throw new Error("down");
      };
      await expect(session.save()).rejects.toMatchObject({ code: "ERR_SESSION_STORE" });
      store.before = () => {};
      await session.save();
      expect(visitor.cookies.size).toBe(0);
      expect(await thief.finds(sessions)).toEqual({});
    });

    it("begins a new session under a new id with what is set after it", async () => {
      await visitor.visits(sessions, (session) => {
        session.userId = 7;
      });
      const before = (await open()).sessionId;
      await visitor.visits(sessions, (session) => {
        session.clear();
        session.userId = 7;
      });
      expect(store.record).toEqual([NOW, { userId: 7 }]);
      expect((await open()).sessionId).not.toBe(before);
    });

    it("loses to no parallel request: neither one that saves before it nor one after", async () => {
      await visitor.visits(sessions, (session) => {
        session.userId = 7;
      });
      const logout = await open();
      await copyOf(visitor).visits(sessions, (session) => {
        session.cart = { figs: "1" };
      });
      const running = copyOf(visitor);
      const jar = running.jar();
      const late = (await sessions.open(jar)) as LooseSession;
      logout.clear();
      await logout.save();
      expect(store.livingRecords).toEqual([]);

      late.visits = 1;
      await late.save();
      late.visits = 2;
      await late.save();
      expect(store.livingRecords).toEqual([]);
      expect(jar.sent).toEqual([]);
      expect(onReject.mock.calls).toEqual([["unknown-session"], ["unknown-session"]]);
    });

    it("deletes a cookie too that leads nowhere", async () => {
      await visitor.visits(sessions, (session) => {
        session.userId = 7;
      });
      store.entries.clear();
      await visitor.visits(sessions, (session) => session.clear());
      expect(visitor.cookies.size).toBe(0);
    });
  });

  it("that loses its last key is deleted as well, unless a parallel request has added one", async () => {
    await visitor.visits(sessions, (session) => {
      session.visits = 1;
    });
    const emptying = await open();
    await copyOf(visitor).visits(sessions, (session) => {
      session.cart = { figs: "1" };
    });
    delete emptying.visits;
    await emptying.save();
    expect(store.record).toEqual([NOW, { cart: { figs: "1" } }]);
    await visitor.visits(sessions, (session) => {
      delete session.cart;
    });
    expect(store.livingRecords).toEqual([]);
    expect(visitor.cookies.size).toBe(0);
  });

  describe("of parallel requests", () => {
    it("keeps the changes of each", async () => {
      await visitor.visits(sessions, (session) => {
        session.visits = 1;
      });
      const open200 = await Promise.all(Array.from({ length: 200 }, () => open()));
      await Promise.all(
        open200.map((session, index) => {
          const cart = (session.cart ?? {}) as Record<string, string>;
          session.cart = { ...cart, [`fruit ${index}`]: "1" };
          return session.save();
        }),
      );
      const { cart, visits } = (await visitor.finds(sessions)) as Record<string, object>;
      expect(visits).toBe(1);
      expect(Object.keys(cart ?? {})).toHaveLength(200);
    });

    it("keeps them through several saves of one request", async () => {
      await visitor.visits(sessions, (session) => {
        session.visits = 1;
      });
      const one = await open();
      const two = await open();
      two.two = 1;
      await two.save();
      one.one = 1;
      await one.save();
      one.one = 2;
      await one.save();
      expect(store.record).toEqual([NOW, { visits: 1, two: 1, one: 2 }]);
    });

    it("is permanent when one of them made it so", async () => {
      await visitor.visits(sessions, (session) => {
        session.visits = 1;
      });
      const counting = await open();
      await copyOf(visitor).visits(sessions, (session) => {
        session.permanent = true;
      });
      counting.visits = 2;
      await counting.save();
      expect(store.record).toEqual([NOW, { " p": { visits: 2 } }]);
    });

    it("of which one is of an older release keeps them too", async () => {
      await visitor.visits(sessions, (session) => {
        session.count = 3;
      });
      const schema = {
        "~standard": {
          version: 1 as const,
          vendor: "test",
          validate: (value: unknown) =>
            "count" in (value as object) ? { issues: [{ message: "count" }] } : { value },
        },
      };
      const migrate = ({ count, ...rest }: Record<string, unknown>) => ({ ...rest, visits: count });
      const old = sessions;
      sessions = await withStore({ schema, migrate });
      const counting = await open();
      await copyOf(visitor).visits(old, (session) => {
        session.theme = "dark";
      });
      expect({ ...counting }).toEqual({ visits: 3 });
      counting.visits = 4;
      await counting.save();
      expect(store.record).toEqual([NOW, { theme: "dark", visits: 4 }]);
    });
  });

  describe("when the app moves", () => {
    const counted = (session: LooseSession) => {
      session.visits = ((session.visits as number | undefined) ?? 0) + 1;
    };

    it.each(["signed", "sealed", "flask"] as const)(
      "from %s cookies to the store and back, nobody is logged out",
      async (format) => {
        const inCookies = await withStore({ store: undefined, format });
        await visitor.visits(inCookies, counted);

        sessions = await withStore({ accept: [format] });
        expect(await visitor.visits(sessions)).toEqual([]);
        await visitor.visits(sessions, counted);
        expect(store.record).toEqual([NOW, { visits: 2 }]);
        expect(await visitor.finds(await withStore())).toEqual({ visits: 2 });

        const back = await withStore({
          store: undefined,
          format,
          accept: [{ format: "stored", store }],
        });
        expect(await visitor.visits(back)).toEqual([]);
        await visitor.visits(back, counted);
        expect(await visitor.finds(inCookies)).toEqual({ visits: 3 });
      },
    );

    it("from one store to another, nobody is logged out", async () => {
      await visitor.visits(sessions, counted);
      const newStore = new Store();
      const accept = [{ format: "stored" as const, store }];
      sessions = await withStore({ store: newStore, accept });
      await visitor.visits(sessions, counted);
      expect(newStore.record).toEqual([NOW, { visits: 2 }]);
      expect(await visitor.finds(await withStore({ store: newStore }))).toEqual({ visits: 2 });
    });

    it("a logout deletes the record in the store it comes from", async () => {
      await visitor.visits(sessions, counted);
      const accept = [{ format: "stored" as const, store }];
      sessions = await withStore({ store: undefined, accept });
      await visitor.visits(sessions, (session) => session.clear());
      expect(visitor.cookies.size).toBe(0);
      expect(store.livingRecords).toEqual([]);
    });
  });

  describe("by a function that opens the store", () => {
    it("is kept in what it gives", async () => {
      sessions = await withStore({ store: async () => store });
      await visitor.visits(sessions, (session) => {
        session.visits = 1;
      });
      expect(store.record).toEqual([NOW, { visits: 1 }]);
    });

    it("fails while that fails, and then no longer", async () => {
      const cause = new Error("no such host");
      const open = vi
        .fn(() => store)
        .mockImplementationOnce(() => {
          throw cause;
        });
      const { encode } = defineSession({ secret: SECRET, store: open });
      await expect(encode({ visits: 1 })).rejects.toMatchObject({
        name: "SessionStoreError",
        code: "ERR_SESSION_STORE",
        cause,
      });
      await encode({ visits: 1 });
      await encode({ visits: 2 });
      expect(open).toHaveBeenCalledTimes(2);
    });

    it("reports a function that returns no store", async () => {
      const { encode } = defineSession({ secret: SECRET, store: () => ({}) as never });
      await expect(encode({})).rejects.toMatchObject({ code: "ERR_SESSION_OPTION" });
    });
  });

  it("can be made and read without a request", async () => {
    const value = await sessions.encode({ visits: 3 }, true);
    expect(store.record).toEqual([NOW, { " p": { visits: 3 } }]);
    visitor.cookies.set("session", value);
    expect(await visitor.finds(sessions)).toEqual({ visits: 3 });
    expect(await sessions.read(value)).toMatchObject({
      ok: true,
      payload: { data: { visits: 3 }, permanent: true },
      issuedAt: NOW,
    });
    store.entries.clear();
    expect(await sessions.read(value)).toEqual({ ok: false, reason: "unknown-session" });
  });

  it("whose record is none of ours reads as empty", async () => {
    await visitor.visits(sessions, (session) => {
      session.visits = 1;
    });
    for (const entry of store.entries.values()) entry.value = '{"visits":1}';
    expect(await visitor.finds(sessions)).toEqual({});
    expect(onReject.mock.calls).toEqual([["unknown-session"]]);
  });

  it("is not taken for a visitor's who is logged out while the store is down", async () => {
    await visitor.visits(sessions, (session) => {
      session.visits = 1;
    });
    store.before = () => Promise.reject(new Error("connection refused"));
    await expect(open()).rejects.toMatchObject({ code: "ERR_SESSION_STORE" });
    expect(visitor.cookies.size).toBe(1);
    store.before = () => {};
    expect(await visitor.finds(sessions)).toEqual({ visits: 1 });
  });
});
