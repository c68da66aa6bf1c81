import { beforeEach, describe, expect, it, vi } from "vitest";
import type { SessionManager } from "../../src/core/session-manager.ts";
import type { SessionOptions } from "../../src/options/options.ts";
import { DAY, NOW, stoppedClock } from "../support/fixed.ts";
import { type MemoryStore, STORES } from "../support/memory-store.ts";
import { copyOf, sessionsWith, Visitor } from "../support/visitor.ts";

describe.each(STORES)("a session in a store %s", (_which, Store) => {
  let store: MemoryStore;
  let visitor: Visitor;
  let sessions: SessionManager;
  let onReject: ReturnType<typeof vi.fn<(reason: string) => void>>;
  let clock: ReturnType<typeof stoppedClock>;

  const withStore = (options: SessionOptions = {}) =>
    sessionsWith({ store, onReject, clock, ...options });

  beforeEach(async () => {
    store = new Store();
    visitor = new Visitor();
    onReject = vi.fn();
    clock = stoppedClock();
    sessions = await withStore();
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
      const session = await visitor.opens(sessions);
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
});
