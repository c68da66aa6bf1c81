import { beforeEach, describe, expect, it } from "vitest";
import type { SessionManager } from "../../src/core/session-manager.ts";
import { endSession } from "../../src/core/stored-sessions.ts";
import type { SessionOptions } from "../../src/options/options.ts";
import { DAY, NOW, stoppedClock } from "../support/fixed.ts";
import { GROUPED_STORES, type GroupedMemoryStore } from "../support/memory-store.ts";
import { idOf, list, listed, loggedIn, userOf } from "../support/user-sessions.ts";
import { sessionsWith, Visitor } from "../support/visitor.ts";

const at = (seconds: number) => new Date(seconds * 1000);

describe.each(GROUPED_STORES)("a user's sessions in a store %s", (_which, Store) => {
  let store: GroupedMemoryStore;
  let clock: ReturnType<typeof stoppedClock>;
  let sessions: SessionManager;

  const withStore = (options: SessionOptions = {}) =>
    sessionsWith({ store, clock, userOf, ...options });

  beforeEach(async () => {
    store = new Store();
    clock = stoppedClock();
    sessions = await withStore();
  });

  describe("are listed:", () => {
    it("those of the user, and neither another user's nor nobody's", async () => {
      await loggedIn(sessions, 7, { browser: "Firefox" });
      await loggedIn(sessions, 8, { browser: "Chrome" });
      await loggedIn(sessions, undefined, { browser: "Safari" });
      await loggedIn(sessions, null, { browser: "Safari" });
      await loggedIn(sessions, "", { browser: "Safari" });
      expect(await listed(sessions, 7)).toEqual([{ userId: 7, browser: "Firefox" }]);
      expect(await listed(sessions, 8)).toEqual([{ userId: 8, browser: "Chrome" }]);
      expect(await listed(sessions, 9)).toEqual([]);
    });

    it("with their ids, when each began and was last saved, and the last saved one first", async () => {
      const phone = await loggedIn(sessions, 7, { browser: "phone" });
      clock.pass(100);
      const desktop = await loggedIn(sessions, 7, { browser: "desktop" });
      clock.pass(100);
      await phone.visits(sessions, (session) => {
        session.visits = 1;
      });
      const found = await list(sessions, 7);
      const times = found.map(({ sessionId, began, lastSeen }) => [sessionId, began, lastSeen]);
      expect(times).toEqual([
        [await idOf(sessions, phone), at(NOW), at(NOW + 200)],
        [await idOf(sessions, desktop), at(NOW + 100), at(NOW + 100)],
      ]);
    });

    it("under their new id after regenerate(), and no longer under the old one", async () => {
      const visitor = await loggedIn(sessions, 7);
      await visitor.visits(sessions, (session) => session.regenerate());
      const [session, ...more] = await list(sessions, 7);
      expect(session?.sessionId).toBe(await idOf(sessions, visitor));
      expect(more).toEqual([]);
      expect(store.memberCount).toBe(1);
    });

    it("until clear(), a deletion of the user's id, endSession() and expiry", async () => {
      const ends: ((visitor: Visitor) => unknown)[] = [
        (visitor) => visitor.visits(sessions, (session) => session.clear()),
        (visitor) => visitor.visits(sessions, (session) => delete session.userId),
        async (visitor) => endSession(sessions.home, await idOf(sessions, visitor)),
      ];
      for (const end of ends) {
        const visitor = await loggedIn(sessions, 7, { theme: "dark" });
        expect(await listed(sessions, 7)).toHaveLength(1);
        await end(visitor);
        expect(await listed(sessions, 7)).toEqual([]);
        expect(store.memberCount).toBe(0);
      }
      await loggedIn(sessions, 7);
      clock.pass(31 * DAY + 1);
      expect(await listed(sessions, 7)).toEqual([]);
    });

    it("with the new user alone when another one logs in", async () => {
      const visitor = await loggedIn(sessions, 7);
      await visitor.visits(sessions, (session) => {
        session.userId = 8;
      });
      expect(await listed(sessions, 7)).toEqual([]);
      expect(await listed(sessions, 8)).toEqual([{ userId: 8 }]);
      await visitor.visits(sessions, (session) => {
        session.clear();
        session.userId = 9;
      });
      expect(await listed(sessions, 8)).toEqual([]);
      expect(await listed(sessions, 9)).toEqual([{ userId: 9 }]);
      expect(store.memberCount).toBe(1);
    });

    it("with the new user alone, even if the store could not remove it from the other's list", async () => {
      const visitor = await loggedIn(sessions, 7);
      await visitor.visits(sessions, (session) => {
        session.userId = 8;
      });
      await store.addMember("session:user:7", await idOf(sessions, visitor), 60_000);
      expect(await listed(sessions, 7)).toEqual([]);
    });

    it("by a text as by its number, because 7 and “7” are one user", async () => {
      await loggedIn(sessions, 7);
      await loggedIn(sessions, "7");
      await loggedIn(sessions, 7n);
      expect(await listed(sessions, "7")).toHaveLength(3);
    });

    it("when encode() made them, and when they moved in from a cookie", async () => {
      const visitor = new Visitor();
      visitor.cookies.set("session", await sessions.encode({ userId: 7 }, false));
      expect(await listed(sessions, 7)).toEqual([{ userId: 7 }]);
      const before = await sessionsWith({ clock });
      sessions = await withStore({ accept: ["signed"] });
      const moved = new Visitor();
      await moved.visits(before, (session) => {
        session.userId = 8;
      });
      expect(await listed(sessions, 8)).toEqual([]);
      await moved.visits(sessions, (session) => {
        session.theme = "dark";
      });
      expect(await listed(sessions, 8)).toEqual([{ userId: 8, theme: "dark" }]);
    });

    it("when the option is new, from their next save on", async () => {
      sessions = await withStore({ userOf: undefined });
      const visitor = await loggedIn(sessions, 7);
      sessions = await withStore();
      expect(await listed(sessions, 7)).toEqual([]);
      clock.pass(10);
      await visitor.visits(sessions, (session) => {
        session.theme = "dark";
      });
      const [session] = await list(sessions, 7);
      expect(session).toMatchObject({ began: at(NOW), lastSeen: at(NOW + 10) });
    });

    it("in the shape of today's schema", async () => {
      const schema = {
        "~standard": {
          version: 1 as const,
          vendor: "test",
          validate: (value: unknown) =>
            "userId" in (value as object) ? { value } : { issues: [{ message: "no userId" }] },
        },
      };
      sessions = await withStore({ userOf: undefined });
      const visitor = new Visitor();
      await visitor.visits(sessions, (session) =>
        Object.assign(session, { user: 7, theme: "dark" }),
      );
      const migrate = ({ user, ...rest }: Record<string, unknown>) => ({ ...rest, userId: user });
      sessions = await withStore({ schema, migrate });
      await visitor.visits(sessions, (session) => {
        session.theme = "light";
      });
      expect(await listed(sessions, 7)).toEqual([{ userId: 7, theme: "light" }]);
    });
  });
});
