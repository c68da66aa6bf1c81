import { beforeEach, describe, expect, it, vi } from "vitest";
import type { SessionManager } from "../../src/core/session-manager.ts";
import type { SessionOptions } from "../../src/options/options.ts";
import { count } from "../support/acts.ts";
import { DAY, NOW, stoppedClock } from "../support/fixed.ts";
import { type MemoryStore, STORES } from "../support/memory-store.ts";
import { copyOf, type LooseSession, sessionsWith, Visitor } from "../support/visitor.ts";

describe.each(STORES)("a store %s is what counts", (_which, Store) => {
  let store: MemoryStore;
  let visitor: Visitor;
  let clock: ReturnType<typeof stoppedClock>;
  const onReject = vi.fn<(reason: string) => void>();

  const withOptions = (options: SessionOptions) => sessionsWith({ onReject, clock, ...options });
  const inCookies = () => withOptions({});
  const moving = () => withOptions({ store, accept: ["signed"] });

  beforeEach(() => {
    store = new Store();
    visitor = new Visitor();
    clock = stoppedClock();
  });

  it("and a cookie with data, signed with the right secret, is not believed", async () => {
    await visitor.visits(await inCookies(), count);
    expect(await visitor.finds(await withOptions({ store }))).toEqual({});
    expect(onReject).toHaveBeenCalledWith("bad-signature");
  });

  it("for a cookie that has moved in: once logged out, it is never believed again", async () => {
    await visitor.visits(await inCookies(), count);
    const before = copyOf(visitor);
    const sessions = await moving();
    await visitor.visits(sessions, count);
    expect(store.livingRecords).toEqual([{ visits: 2 }]);
    await visitor.visits(sessions, (session) => session.clear());
    expect(await before.finds(sessions)).toEqual({});
    await before.visits(sessions, (session) => {
      session.theme = "dark";
    });
    expect(await before.finds(sessions)).toEqual({ theme: "dark" });

    await visitor.visits(await inCookies(), count);
    const old = copyOf(visitor);
    await visitor.visits(sessions, (session) => session.regenerate());
    clock.pass(30 * DAY);
    expect(await old.finds(sessions)).toEqual({});
  });

  it("for a cookie that is logged out before it has moved in", async () => {
    await visitor.visits(await inCookies(), count);
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
    await visitor.visits(await inCookies(), count);
    expect(await visitor.visits(await moving())).toEqual([]);
    expect(store.entries.size).toBe(0);
  });

  it("and a session that moves back into a cookie is gone from the store", async () => {
    await visitor.visits(await withOptions({ store }), count);
    const old = copyOf(visitor);
    const back = await withOptions({ accept: [{ format: "stored", store }] });
    await visitor.visits(back, count);
    expect(await visitor.finds(await inCookies())).toEqual({ visits: 2 });
    expect(store.livingRecords).toEqual([]);
    expect(await old.finds(back)).toEqual({});
    const sent = await old.visits(back, count);
    expect(sent, "it would replace the cookie that is on its way").toEqual([]);
  });

  it("and a session that moves to another store is gone from the first", async () => {
    await visitor.visits(await withOptions({ store }), count);
    const old = copyOf(visitor);
    const next = new Store();
    const sessions = await withOptions({ store: next, accept: [{ format: "stored", store }] });
    await visitor.visits(sessions, count);
    expect(next.livingRecords).toEqual([{ visits: 2 }]);
    expect(store.livingRecords).toEqual([]);
    expect(await old.finds(sessions)).toEqual({});
  });

  it("and the age of the cookie counts too, not of the record alone", async () => {
    const sessions = await withOptions({ store });
    await visitor.visits(sessions, count);
    const old = copyOf(visitor);
    for (let month = 0; month < 26; month++) {
      clock.pass(31 * DAY);
      await visitor.visits(sessions, count);
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
    await attacker.visits(sessions, count);
    const jar = visitor.jar();
    const cookieHeader = `session=${planted}; ${jar.cookieHeader}`;
    expect({ ...(await sessions.open({ ...jar, cookieHeader })) }).toEqual({ userId: 7 });
  });
});

describe.each(STORES)("a session in a store %s", (_which, Store) => {
  let store: MemoryStore;
  let visitor: Visitor;
  let sessions: SessionManager;

  const withStore = (options: SessionOptions = {}) => sessionsWith({ store, ...options });

  beforeEach(async () => {
    store = new Store();
    visitor = new Visitor();
    sessions = await withStore();
  });

  describe("when the app moves", () => {
    it.each(["signed", "sealed", "flask"] as const)(
      "from %s cookies to the store and back, nobody is logged out",
      async (format) => {
        const inCookies = await withStore({ store: undefined, format });
        await visitor.visits(inCookies, count);

        sessions = await withStore({ accept: [format] });
        expect(await visitor.visits(sessions)).toEqual([]);
        await visitor.visits(sessions, count);
        expect(store.record).toEqual([NOW, { visits: 2 }]);
        expect(await visitor.finds(await withStore())).toEqual({ visits: 2 });

        const back = await withStore({
          store: undefined,
          format,
          accept: [{ format: "stored", store }],
        });
        expect(await visitor.visits(back)).toEqual([]);
        await visitor.visits(back, count);
        expect(await visitor.finds(inCookies)).toEqual({ visits: 3 });
      },
    );

    it("from one store to another, nobody is logged out", async () => {
      await visitor.visits(sessions, count);
      const newStore = new Store();
      const accept = [{ format: "stored" as const, store }];
      sessions = await withStore({ store: newStore, accept });
      await visitor.visits(sessions, count);
      expect(newStore.record).toEqual([NOW, { visits: 2 }]);
      expect(await visitor.finds(await withStore({ store: newStore }))).toEqual({ visits: 2 });
    });

    it("a logout deletes the record in the store it comes from", async () => {
      await visitor.visits(sessions, count);
      const accept = [{ format: "stored" as const, store }];
      sessions = await withStore({ store: undefined, accept });
      await visitor.visits(sessions, (session) => session.clear());
      expect(visitor.cookies.size).toBe(0);
      expect(store.livingRecords).toEqual([]);
    });
  });
});
