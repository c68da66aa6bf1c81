import { beforeEach, describe, expect, it, vi } from "vitest";
import { defineSession } from "../../src/core/define-session.ts";
import type { SessionManager } from "../../src/core/session-manager.ts";
import { endSession } from "../../src/core/stored-sessions.ts";
import type { SessionOptions } from "../../src/options/options.ts";
import { SECRET, stoppedClock } from "../support/fixed.ts";
import { type MemoryStore, STORES } from "../support/memory-store.ts";
import { copyOf, type LooseSession, sessionsWith, Visitor } from "../support/visitor.ts";

describe.each(STORES)("parallel requests of one visitor, in a store %s", (_which, Store) => {
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
      await visitor.puts(sessions, { userId: 7 });
      const thief = copyOf(visitor);
      const [running, jar] = await visitor.underWay(sessions);
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
      await visitor.puts(sessions, { userId: 7, permanent: true });
      clock.pass(5 * 86_400);
      const [running, jar] = await visitor.underWay(sessions);
      await visitor.visits(sessions, (session) => session.clear());
      await running.save();
      expect(jar.sent).toEqual([]);
      expect(store.livingRecords).toEqual([]);
    });

    it("a login that clears first is a new session", async () => {
      await visitor.puts(sessions, { userId: 7 });
      const [login] = await visitor.underWay(sessions);
      await visitor.visits(sessions, (session) => session.clear());
      login.clear();
      login.userId = 8;
      await login.save();
      expect(await visitor.finds(sessions)).toEqual({ userId: 8 });
    });

    it("a change brings back no session that has expired meanwhile", async () => {
      sessions = await withStore({ idleTimeout: 100 });
      await visitor.puts(sessions, { userId: 7 });
      const [running] = await visitor.underWay(sessions);
      clock.pass(101);
      running.visits = 1;
      await running.save();
      expect(await visitor.finds(sessions)).toEqual({});
    });

    it("a change brings back no session that endSession() has ended, by its id alone", async () => {
      await visitor.puts(sessions, { userId: 7 });
      const [running] = await visitor.underWay(sessions);
      const { sessionId } = running;
      await endSession(sessions.home, sessionId as string);
      running.visits = 1;
      await running.save();
      expect(await visitor.finds(sessions)).toEqual({});
      expect(store.livingRecords).toEqual([]);
    });
  });

  it("endSession() ends the session under its new id too, and is an error without a store", async () => {
    await visitor.puts(sessions, { userId: 7 });
    const { sessionId } = (await visitor.underWay(sessions))[0];
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
});
