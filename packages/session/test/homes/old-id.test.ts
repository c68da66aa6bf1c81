import { beforeEach, describe, expect, it } from "vitest";
import type { SessionManager } from "../../src/core/session-manager.ts";
import { stoppedClock } from "../support/fixed.ts";
import { type MemoryStore, STORES } from "../support/memory-store.ts";
import { copyOf, type LooseSession, sessionsWith, Visitor } from "../support/visitor.ts";

describe.each(STORES)("a request that arrives with an old id, in a store %s", (_which, Store) => {
  let store: MemoryStore;
  let visitor: Visitor;
  let old: Visitor;
  let sessions: SessionManager;

  const logIn = (session: LooseSession) => {
    session.regenerate();
    session.userId = 7;
  };

  beforeEach(async () => {
    store = new Store();
    sessions = await sessionsWith({ store, clock: stoppedClock() });
    visitor = new Visitor();
    await visitor.visits(sessions, (session) => {
      session.visits = 1;
    });
    old = copyOf(visitor);
  });

  it("and only calls regenerate() does not log the user out", async () => {
    await visitor.visits(sessions, logIn);
    const sent = await old.visits(sessions, (session) => session.regenerate());
    expect(sent, "a deletion would delete the cookie of the login").toEqual([]);
    expect(await visitor.finds(sessions)).toEqual({ visits: 1, userId: 7 });
  });

  it("and only calls regenerate() after the end of the session deletes no cookie", async () => {
    await visitor.visits(sessions, (session) => session.clear());
    expect(await old.visits(sessions, (session) => session.regenerate())).toEqual([]);
  });

  it("and clears before it logs in ends the session under its new id", async () => {
    await visitor.visits(sessions, logIn);
    await old.visits(sessions, (session) => {
      session.clear();
      session.userId = 8;
    });
    expect(await visitor.finds(sessions)).toEqual({});
    expect(store.livingRecords).toEqual([{ userId: 8 }]);
  });

  it("after two logins that each cleared first sends no cookie in the place of theirs", async () => {
    const logsIn = (session: LooseSession) => {
      session.clear();
      session.userId = 7;
    };
    const another = copyOf(old);
    await visitor.visits(sessions, logsIn);
    await another.visits(sessions, logsIn);
    const sent = await old.visits(sessions, (session) => {
      session.theme = "dark";
    });
    expect(sent).toEqual([]);
  });

  it("and logs in keeps what it changes in a second save", async () => {
    await visitor.visits(sessions, logIn);
    await old.visits(sessions, async (session) => {
      logIn(session);
      await session.save();
      session.theme = "dark";
    });
    expect(await old.finds(sessions)).toEqual({ userId: 7, theme: "dark" });
  });

  it("that it read before a deletion of the last key, is saved beside a bare regenerate()", async () => {
    const [deleting, rotating, late] = (await Promise.all(
      [1, 2, 3].map(() => sessions.open(old.jar())),
    )) as [LooseSession, LooseSession, LooseSession];
    delete deleting.visits;
    rotating.regenerate();
    late.theme = "dark";
    for (const session of [deleting, rotating, late]) await session.save();
    expect(await old.finds(sessions)).toEqual({ theme: "dark" });
  });

  it("that it read before the rotation, and clears before it logs in, ends the new id too", async () => {
    const late = (await sessions.open(old.jar())) as LooseSession;
    await visitor.visits(sessions, logIn);
    late.clear();
    late.userId = 8;
    await late.save();
    expect(await visitor.finds(sessions)).toEqual({});
    expect(store.livingRecords).toEqual([{ userId: 8 }]);
  });
});
