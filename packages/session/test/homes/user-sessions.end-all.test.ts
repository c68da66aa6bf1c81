import { beforeEach, describe, expect, it } from "vitest";
import type { SessionManager } from "../../src/core/session-manager.ts";
import { GROUPED_STORES, type GroupedMemoryStore } from "../support/memory-store.ts";
import { endAll, idOf, list, listed, loggedIn, userOf } from "../support/user-sessions.ts";
import { sessionsWith, Visitor } from "../support/visitor.ts";

describe.each(GROUPED_STORES)("a user's sessions in a store %s", (_which, Store) => {
  let store: GroupedMemoryStore;
  let sessions: SessionManager;

  beforeEach(async () => {
    store = new Store();
    sessions = await sessionsWith({ store, userOf });
  });

  describe("all end", () => {
    it("but the one that goes on, and other users' do not", async () => {
      const [here, there, other] = [
        await loggedIn(sessions, 7),
        await loggedIn(sessions, 7),
        await loggedIn(sessions, 8),
      ];
      await endAll(sessions, 7, await idOf(sessions, here));
      expect(await here.finds(sessions)).toEqual({ userId: 7 });
      expect(await there.finds(sessions)).toEqual({});
      expect(await other.finds(sessions)).toEqual({ userId: 8 });
      await endAll(sessions, 7, undefined);
      expect(await here.finds(sessions)).toEqual({});
      expect(await listed(sessions, 7)).toEqual([]);
      expect(store.memberCount).toBe(1);
    });

    it("though a request that began before saves afterwards", async () => {
      const visitor = await loggedIn(sessions, 7);
      const [changing, rotating] = [await visitor.opens(sessions), await visitor.opens(sessions)];
      await endAll(sessions, 7, undefined);
      changing.theme = "dark";
      rotating.regenerate();
      for (const session of [changing, rotating]) await session.save();
      expect(store.livingRecords).toEqual([]);
      expect(await listed(sessions, 7)).toEqual([]);
    });

    it("though a request that saw one before a rotation to another user regenerates it again", async () => {
      const visitor = await loggedIn(sessions, 7);
      const [first, second] = [await visitor.opens(sessions), await visitor.opens(sessions)];
      first.regenerate();
      first.userId = 8;
      await first.save();
      await endAll(sessions, 7, undefined);
      second.regenerate();
      second.theme = "dark";
      await second.save();
      expect(await listed(sessions, 8)).toEqual([{ userId: 8 }]);
      expect(await listed(sessions, 7)).toEqual([]);
    });

    it("though one gets a new id after they were listed", async () => {
      const visitor = await loggedIn(sessions, 7);
      const rotating = await visitor.opens(sessions);
      rotating.regenerate();
      const membersOf = store.membersOf.bind(store);
      store.membersOf = async (group) => {
        const listed = await membersOf(group);
        await rotating.save();
        return listed;
      };
      await endAll(sessions, 7, undefined);
      expect(store.livingRecords).toEqual([]);
    });

    it("but the one that goes on under a new id, even if its old id is still listed", async () => {
      const visitor = await loggedIn(sessions, 7);
      const oldId = await idOf(sessions, visitor);
      const session = await visitor.opens(sessions);
      session.regenerate();
      await session.save();
      await store.addMember("session:user:7", oldId, 60_000);
      await endAll(sessions, 7, session.sessionId);
      expect({ ...(await list(sessions, 7))[0] }).toMatchObject({
        sessionId: session.sessionId,
      });
    });

    it("but not the session of another user that has taken one's place", async () => {
      const visitor = await loggedIn(sessions, 7);
      const oldId = await idOf(sessions, visitor);
      await visitor.visits(sessions, (session) => {
        session.clear();
        session.userId = 8;
      });
      await store.addMember("session:user:7", oldId, 60_000);
      await endAll(sessions, 7, undefined);
      expect(await visitor.finds(sessions)).toEqual({ userId: 8 });
    });

    it("and sessions that begin afterwards do not", async () => {
      const guest = new Visitor();
      await guest.visits(sessions, (session) => {
        session.theme = "dark";
      });
      const loggingIn = await guest.opens(sessions);
      await endAll(sessions, 7, undefined);
      loggingIn.regenerate();
      loggingIn.userId = 7;
      await loggingIn.save();
      expect(await listed(sessions, 7)).toEqual([{ theme: "dark", userId: 7 }]);
    });
  });
});
