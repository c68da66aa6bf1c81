import { beforeEach, describe, expect, it, vi } from "vitest";
import type { SessionManager } from "../../src/core/session-manager.ts";
import { NOW } from "../support/fixed.ts";
import { type MemoryStore, STORES } from "../support/memory-store.ts";
import { copyOf, type LooseSession, sessionsWith, Visitor } from "../support/visitor.ts";

describe.each(STORES)("a session in a store %s", (_which, Store) => {
  let store: MemoryStore;
  let visitor: Visitor;
  let sessions: SessionManager;
  let onReject: ReturnType<typeof vi.fn<(reason: string) => void>>;

  beforeEach(async () => {
    store = new Store();
    visitor = new Visitor();
    onReject = vi.fn();
    sessions = await sessionsWith({ store, onReject });
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
      const session = await visitor.opens(sessions);
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
      const before = (await visitor.opens(sessions)).sessionId;
      await visitor.visits(sessions, (session) => {
        session.clear();
        session.userId = 7;
      });
      expect(store.record).toEqual([NOW, { userId: 7 }]);
      expect((await visitor.opens(sessions)).sessionId).not.toBe(before);
    });

    it("loses to no parallel request: neither one that saves before it nor one after", async () => {
      await visitor.visits(sessions, (session) => {
        session.userId = 7;
      });
      const logout = await visitor.opens(sessions);
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
    const emptying = await visitor.opens(sessions);
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
});
