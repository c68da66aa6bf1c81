import { beforeEach, describe, expect, it, vi } from "vitest";
import type { SessionOptions } from "../../src/options/options.ts";
import { DAY, stoppedClock } from "../support/fixed.ts";
import { AtomicMemoryStore, MemoryStore } from "../support/memory-store.ts";
import { type LooseSession, sessionsWith, Visitor } from "../support/visitor.ts";

describe.each([
  ["without compareAndSet", MemoryStore],
  ["with compareAndSet", AtomicMemoryStore],
])("a store %s is what counts", (_which, Store) => {
  let store: MemoryStore;
  let visitor: Visitor;
  let clock: ReturnType<typeof stoppedClock>;
  const onReject = vi.fn<(reason: string) => void>();

  const withOptions = (options: SessionOptions) => sessionsWith({ onReject, clock, ...options });
  const inCookies = () => withOptions({});
  const moving = () => withOptions({ store, accept: ["signed"] });
  const counts = (session: LooseSession) => {
    session.visits = ((session.visits as number | undefined) ?? 0) + 1;
  };
  function copyOf(browser: Visitor): Visitor {
    const copy = new Visitor();
    for (const [name, value] of browser.cookies) copy.cookies.set(name, value);
    return copy;
  }

  beforeEach(() => {
    store = new Store();
    visitor = new Visitor();
    clock = stoppedClock();
  });

  it("and a cookie with data, signed with the right secret, is not believed", async () => {
    await visitor.visits(await inCookies(), counts);
    expect(await visitor.finds(await withOptions({ store }))).toEqual({});
    expect(onReject).toHaveBeenCalledWith("bad-signature");
  });

  it("for a cookie that has moved in: once logged out, it is never believed again", async () => {
    await visitor.visits(await inCookies(), counts);
    const before = copyOf(visitor);
    const sessions = await moving();
    await visitor.visits(sessions, counts);
    expect(store.livingRecords).toEqual([{ visits: 2 }]);
    await visitor.visits(sessions, (session) => session.clear());
    expect(await before.finds(sessions)).toEqual({});
    await before.visits(sessions, (session) => {
      session.theme = "dark";
    });
    expect(await before.finds(sessions)).toEqual({ theme: "dark" });

    await visitor.visits(await inCookies(), counts);
    const old = copyOf(visitor);
    await visitor.visits(sessions, (session) => session.regenerate());
    clock.pass(30 * DAY);
    expect(await old.finds(sessions)).toEqual({});
  });

  it("for a cookie that is logged out before it has moved in", async () => {
    await visitor.visits(await inCookies(), counts);
    const copy = copyOf(visitor);
    const sessions = await moving();
    await visitor.visits(sessions, (session) => session.clear());
    expect(await copy.finds(sessions)).toEqual({});
  });

  it("for parallel requests with a cookie that moves in: they have one session", async () => {
    await visitor.visits(await inCookies(), (session) => {
      session.cart = { figs: 1 };
    });
    const before = copyOf(visitor);
    const sessions = await moving();
    const open = async () => (await sessions.open(before.jar())) as LooseSession;
    const [one, two] = [await open(), await open()];
    Object.assign(one.cart as object, { kiwis: 1 });
    Object.assign(two.cart as object, { dates: 1 });
    await one.save();
    await two.save();
    const cart = { figs: 1, kiwis: 1, dates: 1 };
    expect(store.livingRecords).toEqual([{ cart }]);
    expect(await before.finds(sessions), "a response may be lost on its way").toEqual({ cart });
    expect(await visitor.finds(sessions)).toEqual({ cart });
    expect(one.sessionId).toBe(two.sessionId);
  });

  it("and reading a cookie that has not moved in writes nothing", async () => {
    await visitor.visits(await inCookies(), counts);
    expect(await visitor.visits(await moving())).toEqual([]);
    expect(store.entries.size).toBe(0);
  });

  it("and a session that moves back into a cookie is gone from the store", async () => {
    await visitor.visits(await withOptions({ store }), counts);
    const old = copyOf(visitor);
    const back = await withOptions({ accept: [{ format: "stored", store }] });
    await visitor.visits(back, counts);
    expect(await visitor.finds(await inCookies())).toEqual({ visits: 2 });
    expect(store.livingRecords).toEqual([]);
    expect(await old.finds(back)).toEqual({});
    const sent = await old.visits(back, counts);
    expect(sent, "it would replace the cookie that is on its way").toEqual([]);
  });

  it("and a session that moves to another store is gone from the first", async () => {
    await visitor.visits(await withOptions({ store }), counts);
    const old = copyOf(visitor);
    const next = new Store();
    const sessions = await withOptions({ store: next, accept: [{ format: "stored", store }] });
    await visitor.visits(sessions, counts);
    expect(next.livingRecords).toEqual([{ visits: 2 }]);
    expect(store.livingRecords).toEqual([]);
    expect(await old.finds(sessions)).toEqual({});
  });

  it("and the age of the cookie counts too, not of the record alone", async () => {
    const sessions = await withOptions({ store });
    await visitor.visits(sessions, counts);
    const old = copyOf(visitor);
    for (let month = 0; month < 26; month++) {
      clock.pass(31 * DAY);
      await visitor.visits(sessions, counts);
    }
    expect(await visitor.finds(sessions)).toEqual({ visits: 27 });
    expect(await old.finds(sessions)).toEqual({});
    expect(onReject).toHaveBeenLastCalledWith("expired");
  });

  it("and the newest of two cookies is the one that was signed last, whatever is written", async () => {
    const sessions = await withOptions({ store });
    const attacker = new Visitor();
    await attacker.visits(sessions, (session) => {
      session.userId = 666;
    });
    const planted = attacker.cookies.get("session") as string;
    clock.pass(10);
    await visitor.visits(sessions, (session) => {
      session.userId = 7;
    });
    clock.pass(10);
    await attacker.visits(sessions, counts);
    const jar = visitor.jar();
    const cookieHeader = `session=${planted}; ${jar.cookieHeader}`;
    expect({ ...(await sessions.open({ ...jar, cookieHeader })) }).toEqual({ userId: 7 });
  });
});
