import { beforeEach, describe, expect, it, vi } from "vitest";
import { defineSession } from "../../src/core/define-session.ts";
import type { SessionManager } from "../../src/core/session-manager.ts";
import { endSession } from "../../src/core/stored-sessions.ts";
import type { SessionOptions } from "../../src/options/options.ts";
import { SECRET, stoppedClock } from "../support/fixed.ts";
import { AtomicMemoryStore, MemoryStore } from "../support/memory-store.ts";
import { type LooseSession, type NotedJar, sessionsWith, Visitor } from "../support/visitor.ts";

describe.each([
  ["without compareAndSet", MemoryStore],
  ["with compareAndSet", AtomicMemoryStore],
])("parallel requests of one visitor, in a store %s", (_which, Store) => {
  let store: MemoryStore;
  let visitor: Visitor;
  let sessions: SessionManager;
  let onReject: ReturnType<typeof vi.fn<(reason: string) => void>>;
  let clock: ReturnType<typeof stoppedClock>;

  const withStore = (options: SessionOptions = {}) =>
    sessionsWith({ store, onReject, clock, ...options });

  /** A request that has read its session and not yet saved it. */
  async function underWay(browser = visitor): Promise<[LooseSession, NotedJar]> {
    const jar = browser.jar();
    return [(await sessions.open(jar)) as LooseSession, jar];
  }

  /** Another browser with the same cookies. */
  function copyOf(browser: Visitor): Visitor {
    const copy = new Visitor();
    for (const [name, value] of browser.cookies) copy.cookies.set(name, value);
    return copy;
  }

  const begin = (data: object) =>
    visitor.visits(sessions, (session) => Object.assign(session, data));

  beforeEach(async () => {
    store = new Store();
    visitor = new Visitor();
    onReject = vi.fn();
    clock = stoppedClock();
    sessions = await withStore();
  });

  describe("that assign an object", () => {
    it("never mix two of them: the later one is taken whole", async () => {
      await begin({ tenant: { id: "b", isOwner: false } });
      const [toA] = await underWay();
      const [toC] = await underWay();
      toA.tenant = { id: "a", isOwner: true };
      toC.tenant = { id: "c", isOwner: false };
      await toA.save();
      await toC.save();
      expect(await visitor.finds(sessions)).toEqual({ tenant: { id: "c", isOwner: false } });
    });

    it("never mix two where there was none", async () => {
      await begin({ visits: 1 });
      const [admin] = await underWay();
      const [guest] = await underWay();
      admin.user = { id: "admin", role: "admin" };
      guest.user = { id: "guest" };
      await admin.save();
      await guest.save();
      expect(await visitor.finds(sessions)).toEqual({ visits: 1, user: { id: "guest" } });
    });

    it("assign it also where it equals the one that was there", async () => {
      await begin({ tenant: { id: "a", isOwner: true }, role: "member" });
      const [toC] = await underWay();
      const [toA] = await underWay();
      Object.assign(toC, { tenant: { id: "c", isOwner: false }, role: "guest" });
      Object.assign(toA, { tenant: { id: "a", isOwner: true }, role: "owner" });
      await toC.save();
      await toA.save();
      expect(await visitor.finds(sessions)).toEqual({
        tenant: { id: "a", isOwner: true },
        role: "owner",
      });
    });

    it("assign it whole within another object as well", async () => {
      await begin({ shop: { tenant: { id: "b", isOwner: false }, cart: { figs: 1 } } });
      const [toA] = await underWay();
      const [toC] = await underWay();
      Object.assign(toA.shop as object, { tenant: { id: "a", isOwner: true } });
      Object.assign(toC.shop as object, { tenant: { id: "c", isOwner: false } });
      await toA.save();
      await toC.save();
      expect(await visitor.finds(sessions)).toEqual({
        shop: { tenant: { id: "c", isOwner: false }, cart: { figs: 1 } },
      });
    });

    it("are taken together where all only added to what was there", async () => {
      await begin({ cart: { figs: 1 } });
      const requests = await Promise.all(Array.from({ length: 200 }, () => underWay()));
      await Promise.all(
        requests.map(([session], index) => {
          session.cart = { ...(session.cart as object), [`fruit ${index}`]: 1 };
          return session.save();
        }),
      );
      const { cart } = (await visitor.finds(sessions)) as { cart: object };
      expect(Object.keys(cart)).toHaveLength(201);
    });
  });

  describe("that change an object in place", () => {
    it("keep the changes of each, in one request's second save as well", async () => {
      await begin({ cart: { figs: 1, plums: 1 } });
      const [one] = await underWay();
      const [two] = await underWay();
      const cartOf = (session: LooseSession) => session.cart as Record<string, number>;
      cartOf(one).figs = 2;
      cartOf(two).kiwis = 1;
      delete cartOf(two).plums;
      await one.save();
      await two.save();
      cartOf(one).dates = 1;
      await one.save();
      expect(await visitor.finds(sessions)).toEqual({ cart: { figs: 2, kiwis: 1, dates: 1 } });
    });

    it("bring back no object that another has deleted", async () => {
      await begin({ visits: 1, user: { id: 7 } });
      const [late] = await underWay();
      await copyOf(visitor).visits(sessions, (session) => {
        delete session.user;
      });
      Object.assign(late.user as object, { seen: 1 });
      await late.save();
      expect(await visitor.finds(sessions)).toEqual({ visits: 1 });
    });

    it("after a schema's migration as well", async () => {
      await begin({ basket: { figs: 1 } });
      const schema = {
        "~standard": {
          version: 1 as const,
          vendor: "test",
          validate: (value: unknown) =>
            "basket" in (value as object) ? { issues: [{ message: "basket" }] } : { value },
        },
      };
      const migrate = ({ basket, ...rest }: Record<string, unknown>) => ({ ...rest, cart: basket });
      sessions = await withStore({ schema, migrate });
      const [one] = await underWay();
      const [two] = await underWay();
      Object.assign(one.cart as object, { figs: 2 });
      Object.assign(two.cart as object, { kiwis: 1 });
      await one.save();
      await two.save();
      expect(await visitor.finds(sessions)).toEqual({ cart: { figs: 2, kiwis: 1 } });
    });
  });

  it("keep a change beside the deletion of the last key", async () => {
    await begin({ visits: 1 });
    const [emptying, itsJar] = await underWay();
    const [adding] = await underWay();
    delete emptying.visits;
    await emptying.save();
    expect(itsJar.sent).toMatchObject([{ maxAge: 0 }]);
    adding.theme = "dark";
    await adding.save();
    expect(await visitor.finds(sessions)).toEqual({ theme: "dark" });
  });

  describe("beside an end", () => {
    it.each<[string, (session: LooseSession) => unknown]>([
      ["a change", (session) => Object.assign(session, { visits: 2 })],
      ["a rotation of the id", (session) => session.regenerate()],
      [
        "a login",
        (session) => {
          session.regenerate();
          session.userId = 8;
        },
      ],
    ])("%s that was under way keeps nothing and sends no cookie", async (_what, act) => {
      await begin({ userId: 7 });
      const thief = copyOf(visitor);
      const [running, jar] = await underWay();
      await visitor.visits(sessions, (session) => session.clear());
      act(running);
      await running.save();
      await running.save();
      expect(jar.sent).toEqual([]);
      expect(visitor.cookies.size).toBe(0);
      expect(await thief.finds(sessions)).toEqual({});
      expect(store.livingRecords).toEqual([]);
      expect(onReject).toHaveBeenCalledWith("unknown-session");
    });

    it("a refresh that was under way brings nothing back", async () => {
      await begin({ userId: 7, permanent: true });
      clock.pass(5 * 86_400);
      const [running, jar] = await underWay();
      await visitor.visits(sessions, (session) => session.clear());
      await running.save();
      expect(jar.sent).toEqual([]);
      expect(store.livingRecords).toEqual([]);
    });

    it("a login that clears first is a new session", async () => {
      await begin({ userId: 7 });
      const [login] = await underWay();
      await visitor.visits(sessions, (session) => session.clear());
      login.clear();
      login.userId = 8;
      await login.save();
      expect(await visitor.finds(sessions)).toEqual({ userId: 8 });
    });

    it("a change brings back no session that has expired meanwhile", async () => {
      sessions = await withStore({ idleTimeout: 100 });
      await begin({ userId: 7 });
      const [running] = await underWay();
      clock.pass(101);
      running.visits = 1;
      await running.save();
      expect(await visitor.finds(sessions)).toEqual({});
    });

    it("a change brings back no session that endSession() has ended, by its id alone", async () => {
      await begin({ userId: 7 });
      const [running] = await underWay();
      const { sessionId } = running;
      await endSession(sessions.home, sessionId as string);
      running.visits = 1;
      await running.save();
      expect(await visitor.finds(sessions)).toEqual({});
      expect(store.livingRecords).toEqual([]);
    });
  });

  it("endSession() ends the session under its new id too, and is an error without a store", async () => {
    await begin({ userId: 7 });
    const { sessionId } = (await underWay())[0];
    await visitor.visits(sessions, (session) => session.regenerate());
    const { endSession } = defineSession({ secret: SECRET, store, clock });
    await endSession(sessionId as string);
    await endSession(sessionId as string);
    await endSession("session:of nobody");
    expect(await visitor.finds(sessions)).toEqual({});
    const inCookies = defineSession({ secret: SECRET });
    await expect(inCookies.endSession("session:a")).rejects.toMatchObject({
      code: "ERR_SESSION_OPTION",
    });
  });

  describe("beside a rotation of the id", () => {
    const logIn = (session: LooseSession) => {
      session.regenerate();
      session.userId = 7;
    };

    it("a logout that was under way ends the new session too", async () => {
      await begin({ userId: 7 });
      const [logout] = await underWay();
      await visitor.visits(sessions, (session) => session.regenerate());
      const rotated = copyOf(visitor);
      logout.clear();
      await logout.save();
      expect(await rotated.finds(sessions)).toEqual({});
      expect(store.livingRecords).toEqual([]);
    });

    it("a logout that arrives with the old id ends the new session too", async () => {
      await begin({ userId: 7 });
      const old = copyOf(visitor);
      await visitor.visits(sessions, (session) => session.regenerate());
      await visitor.visits(sessions, (session) => session.regenerate());
      await old.visits(sessions, (session) => session.clear());
      expect(await visitor.finds(sessions)).toEqual({});
      expect(store.livingRecords).toEqual([]);
    });

    it("a change that was under way is in the new session, and sends no cookie", async () => {
      await begin({ cart: { figs: 1 } });
      const [late, jar] = await underWay();
      await visitor.visits(sessions, logIn);
      Object.assign(late.cart as object, { kiwis: 1 });
      late.visits = 1;
      await late.save();
      late.visits = 2;
      await late.save();
      expect(jar.sent).toEqual([]);
      expect(await visitor.finds(sessions)).toEqual({
        cart: { figs: 1, kiwis: 1 },
        userId: 7,
        visits: 2,
      });
    });

    it("a change that was under way overrules nothing that the login set", async () => {
      await begin({ visits: 1 });
      const [attack, jar] = await underWay();
      await visitor.visits(sessions, logIn);
      attack.userId = 666;
      attack.visits = 2;
      await attack.save();
      expect(jar.sent).toEqual([]);
      expect({ ...attack }).toEqual({ userId: 666, visits: 2 });
      expect(await visitor.finds(sessions)).toEqual({ userId: 7, visits: 1 });
      expect(onReject.mock.calls).toEqual([["unknown-session"]]);
    });

    it("a request that arrives with the old id sees nothing, writes nothing and sends no cookie", async () => {
      await begin({ visits: 1 });
      const attacker = copyOf(visitor);
      await visitor.visits(sessions, logIn);
      const cookies = new Map(attacker.cookies);
      const sent = await attacker.visits(sessions, (session) => {
        expect({ ...session }).toEqual({});
        session.visits = 666;
      });
      expect(sent).toEqual([]);
      expect(attacker.cookies).toEqual(cookies);
      expect(await visitor.finds(sessions)).toEqual({ visits: 1, userId: 7 });
      expect(store.livingRecords).toEqual([{ visits: 1, userId: 7 }]);
    });

    it("a login that arrives with the old id is a session of its own", async () => {
      await begin({ cart: { figs: 1 } });
      const attacker = copyOf(visitor);
      await visitor.visits(sessions, logIn);
      await attacker.visits(sessions, (session) => {
        session.regenerate();
        session.userId = 666;
      });
      expect(await attacker.finds(sessions)).toEqual({ userId: 666 });
      expect(await visitor.finds(sessions)).toEqual({ cart: { figs: 1 }, userId: 7 });
    });

    it("and once a minute has passed, the old id is that of any ended session", async () => {
      await begin({ visits: 1 });
      const old = copyOf(visitor);
      await visitor.visits(sessions, logIn);
      clock.pass(61);
      await old.visits(sessions, (session) => {
        session.visits = 1;
      });
      expect(await old.finds(sessions)).toEqual({ visits: 1 });
      expect(await visitor.finds(sessions)).toEqual({ visits: 1, userId: 7 });
    });

    it("two logins, as by a double click, each keep the cart, and never mix", async () => {
      await begin({ cart: { figs: 1 } });
      const [admin, adminJar] = await underWay();
      const [guest, guestJar] = await underWay();
      await copyOf(visitor).visits(sessions, (session) => {
        Object.assign(session.cart as object, { kiwis: 1 });
      });
      for (const [session, user] of [
        [admin, { id: "admin", role: "admin" }],
        [guest, { id: "guest" }],
      ] as const) {
        session.regenerate();
        Object.assign(session, user);
        await session.save();
      }
      const cart = { figs: 1, kiwis: 1 };
      const holding = (jar: NotedJar) => {
        const browser = new Visitor();
        browser.cookies.set("session", jar.sent[0]?.value ?? "");
        return browser.finds(sessions);
      };
      expect(await holding(adminJar)).toEqual({ cart, id: "admin", role: "admin" });
      expect(await holding(guestJar)).toEqual({ cart, id: "guest" });
    });

    it("a logout that was under way ends the sessions of both logins", async () => {
      await begin({ visits: 1 });
      const requests = await Promise.all([underWay(), underWay(), underWay()]);
      const [[one], [two], [logout]] = requests;
      logIn(one);
      await one.save();
      logIn(two);
      await two.save();
      logout.clear();
      await logout.save();
      expect(store.livingRecords).toEqual([]);
    });

    it("a login that was under way stays out where the other login has logged out", async () => {
      await begin({ visits: 1 });
      const [late, jar] = await underWay();
      await visitor.visits(sessions, logIn);
      await visitor.visits(sessions, (session) => session.clear());
      logIn(late);
      await late.save();
      expect(jar.sent).toEqual([]);
      expect(store.livingRecords).toEqual([]);
    });
  });
});
