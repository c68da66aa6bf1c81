import { beforeEach, describe, expect, it, vi } from "vitest";
import type { SessionManager } from "../../src/core/session-manager.ts";
import type { SessionOptions } from "../../src/options/options.ts";
import { SessionObject } from "../../src/session/session-object.ts";
import { unsavedKeys } from "../../src/session/unsaved-keys.ts";
import { NOW, SECRET } from "../support/fixed.ts";
import { type MemoryStore, STORES } from "../support/memory-store.ts";
import { copyOf, type LooseSession, sessionsWith, Visitor } from "../support/visitor.ts";

describe.each(STORES)("a session in a store %s", (_which, Store) => {
  let store: MemoryStore;
  let visitor: Visitor;
  let sessions: SessionManager;
  let onReject: ReturnType<typeof vi.fn<(reason: string) => void>>;

  const withStore = (options: SessionOptions = {}) => sessionsWith({ store, onReject, ...options });

  beforeEach(async () => {
    store = new Store();
    visitor = new Visitor();
    onReject = vi.fn();
    sessions = await withStore();
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
      const { sessionId } = await visitor.opens(sessions);
      expect([sessionId]).toEqual([...store.entries.keys()]);
    });

    it("ends a session when it is deleted from the store", async () => {
      await visitor.visits(sessions, (session) => {
        session.visits = 1;
      });
      await store.delete((await visitor.opens(sessions)).sessionId as string);
      expect(await visitor.finds(sessions)).toEqual({});
    });

    it("is none without a store, where regenerate() changes nothing", async () => {
      sessions = await sessionsWith({});
      await visitor.visits(sessions, (session) => {
        session.visits = 1;
      });
      const session = await visitor.opens(sessions);
      session.regenerate();
      expect(session.sessionId).toBeUndefined();
      expect(session.modified).toBe(false);
      expect(await visitor.visits(sessions, (same) => same.regenerate())).toEqual([]);
    });

    it("cannot be set", async () => {
      const session = await visitor.opens(sessions);
      expect(() => Object.assign(session, { sessionId: "mine" })).toThrow(TypeError);
    });
  });

  describe("regenerate()", () => {
    it("moves the session to a new id and ends the old one", async () => {
      await visitor.visits(sessions, (session) => {
        session.visits = 1;
      });
      const thief = copyOf(visitor);
      const before = (await visitor.opens(sessions)).sessionId;
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
      const before = (await visitor.opens(sessions)).sessionId;
      await visitor.visits(sessions, (session) => session.regenerate());
      expect((await visitor.opens(sessions)).sessionId).not.toBe(before);
      expect(await visitor.finds(sessions)).toEqual({ visits: 1 });
    });

    it("that was never saved is among what would be lost", async () => {
      await visitor.visits(sessions, (session) => {
        session.visits = 1;
      });
      const session = await visitor.opens(sessions);
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
      const login = await visitor.opens(sessions);
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
      const rotating = await visitor.opens(sessions);
      const loggingIn = await visitor.opens(sessions);
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
});
