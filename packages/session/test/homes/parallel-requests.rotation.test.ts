import { beforeEach, describe, expect, it, vi } from "vitest";
import type { SessionManager } from "../../src/core/session-manager.ts";
import { stoppedClock } from "../support/fixed.ts";
import { type MemoryStore, STORES } from "../support/memory-store.ts";
import {
  copyOf,
  type LooseSession,
  type NotedJar,
  sessionsWith,
  Visitor,
} from "../support/visitor.ts";

describe.each(STORES)("parallel requests of one visitor, in a store %s", (_which, Store) => {
  let store: MemoryStore;
  let visitor: Visitor;
  let sessions: SessionManager;
  let onReject: ReturnType<typeof vi.fn<(reason: string) => void>>;
  let clock: ReturnType<typeof stoppedClock>;

  beforeEach(async () => {
    store = new Store();
    visitor = new Visitor();
    onReject = vi.fn();
    clock = stoppedClock();
    sessions = await sessionsWith({ store, onReject, clock });
  });

  describe("beside a rotation of the id", () => {
    const logIn = (session: LooseSession) => {
      session.regenerate();
      session.userId = 7;
    };

    it("a logout that was under way ends the new session too", async () => {
      await visitor.puts(sessions, { userId: 7 });
      const [logout] = await visitor.underWay(sessions);
      await visitor.visits(sessions, (session) => session.regenerate());
      const rotated = copyOf(visitor);
      logout.clear();
      await logout.save();
      expect(await rotated.finds(sessions)).toEqual({});
      expect(store.livingRecords).toEqual([]);
    });

    it("a logout that arrives with the old id ends the new session too", async () => {
      await visitor.puts(sessions, { userId: 7 });
      const old = copyOf(visitor);
      await visitor.visits(sessions, (session) => session.regenerate());
      await visitor.visits(sessions, (session) => session.regenerate());
      await old.visits(sessions, (session) => session.clear());
      expect(await visitor.finds(sessions)).toEqual({});
      expect(store.livingRecords).toEqual([]);
    });

    it("a change that was under way is in the new session, and sends no cookie", async () => {
      await visitor.puts(sessions, { cart: { figs: 1 } });
      const [late, jar] = await visitor.underWay(sessions);
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
      await visitor.puts(sessions, { visits: 1 });
      const [attack, jar] = await visitor.underWay(sessions);
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
      await visitor.puts(sessions, { visits: 1 });
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
      await visitor.puts(sessions, { cart: { figs: 1 } });
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
      await visitor.puts(sessions, { visits: 1 });
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
      await visitor.puts(sessions, { cart: { figs: 1 } });
      const [admin, adminJar] = await visitor.underWay(sessions);
      const [guest, guestJar] = await visitor.underWay(sessions);
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
      await visitor.puts(sessions, { visits: 1 });
      const requests = await Promise.all([
        visitor.underWay(sessions),
        visitor.underWay(sessions),
        visitor.underWay(sessions),
      ]);
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
      await visitor.puts(sessions, { visits: 1 });
      const [late, jar] = await visitor.underWay(sessions);
      await visitor.visits(sessions, logIn);
      await visitor.visits(sessions, (session) => session.clear());
      logIn(late);
      await late.save();
      expect(jar.sent).toEqual([]);
      expect(store.livingRecords).toEqual([]);
    });
  });
});
