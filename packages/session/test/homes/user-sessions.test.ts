import fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { defineSession } from "../../src/core/define-session.ts";
import type { SessionManager } from "../../src/core/session-manager.ts";
import { endSession } from "../../src/core/stored-sessions.ts";
import { SessionOptionError } from "../../src/errors/errors.ts";
import type { SessionOptions } from "../../src/options/options.ts";
import { DAY, NOW, SECRET, stoppedClock } from "../support/fixed.ts";
import { AtomicMemoryStore, GROUPED_STORES, GroupedMemoryStore } from "../support/memory-store.ts";
import { thrownBy } from "../support/thrown.ts";
import { endAll, idOf, list, listed, loggedIn, userOf } from "../support/user-sessions.ts";
import { sessionsWith, Visitor } from "../support/visitor.ts";

describe.each(GROUPED_STORES)("a user's sessions in a store %s", (_which, Store) => {
  let store: GroupedMemoryStore;
  let sessions: SessionManager;

  const withStore = (options: SessionOptions = {}) => sessionsWith({ store, userOf, ...options });

  beforeEach(async () => {
    store = new Store();
    sessions = await withStore();
  });

  it("are noted before their records, so that none is missed", async () => {
    await loggedIn(sessions, 7);
    expect(store.calls.filter((call) => call !== "get")).toEqual(["addMember", "set"]);
  });

  it("are not saved if they cannot be noted", async () => {
    store.before = (operation) => {
      if (operation === "addMember") throw new Error("disk full");
    };
    await expect(loggedIn(sessions, 7)).rejects.toMatchObject({ code: "ERR_SESSION_STORE" });
    expect(store.entries.size).toBe(0);
  });

  it("end even if the store cannot remove them from the list, whose time runs out", async () => {
    const visitor = await loggedIn(sessions, 7);
    store.before = (operation) => {
      if (operation === "removeMember") throw new Error("disk full");
    };
    await visitor.visits(sessions, (session) => session.clear());
    expect(store.livingRecords).toEqual([]);
    expect(store.memberCount).toBe(1);
    expect(await listed(sessions, 7)).toEqual([]);
    vi.useFakeTimers({ now: Date.now() + 31 * DAY * 1000 + 1, toFake: ["Date"] });
    expect(await store.membersOf("session:user:7")).toEqual([]);
    vi.useRealTimers();
  });

  it("are exactly those that live, after any changes", async () => {
    const acts = [
      "log in",
      "log out",
      "regenerate",
      "change",
      "end",
      "end all",
      "keep one",
    ] as const;
    const step = fc.tuple(fc.constantFrom(...acts), fc.nat(3), fc.nat(2));
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
        store = new Store();
        sessions = await withStore();
        const browsers = Array.from({ length: 4 }, () => new Visitor());
        const users: (number | undefined)[] = [];
        for (const [act, at, userId] of steps) {
          const browser = browsers[at] as Visitor;
          const user = users[at];
          if (act === "log in") {
            users[at] = userId;
            await browser.visits(sessions, (session) => Object.assign(session, { userId }));
          } else if (act === "end all") {
            await endAll(sessions, userId, undefined);
            for (const [index, owner] of users.entries()) {
              if (owner === userId) users[index] = undefined;
            }
          } else if (user !== undefined) {
            if (act === "regenerate") await browser.visits(sessions, (one) => one.regenerate());
            if (act === "change") {
              await browser.visits(sessions, (session) => {
                session.visits = Number(session.visits ?? 0) + 1;
              });
            }
            if (act === "log out") await browser.visits(sessions, (session) => session.clear());
            if (act === "end") await endSession(sessions.home, await idOf(sessions, browser));
            if (act === "log out" || act === "end") users[at] = undefined;
            if (act === "keep one") {
              await endAll(sessions, user, await idOf(sessions, browser));
              for (const [index, owner] of users.entries()) {
                if (owner === user && index !== at) users[index] = undefined;
              }
            }
          }
        }
        for (const userId of [0, 1, 2]) {
          const living = browsers.filter((_, at) => users[at] === userId);
          const ids = await Promise.all(living.map((browser) => idOf(sessions, browser)));
          const found = (await list(sessions, userId)).map(({ sessionId }) => sessionId);
          expect([...found].sort()).toEqual(ids.sort());
        }
        expect(store.memberCount).toBe(users.filter((user) => user !== undefined).length);
      }),
      { numRuns: 100 },
    );
  });

  describe("cannot be listed", () => {
    it("if userOf returns something else than an id, whose value no message shows", async () => {
      const error = await thrownBy(
        () => loggedIn(sessions, { password: "hunter2" }),
        SessionOptionError,
      );
      expect(error.message).toMatch(/^A user id cannot be of the type object\. Allowed, here and/);
      sessions = await withStore({ userOf: () => Number.NaN });
      await expect(loggedIn(sessions, 7)).rejects.toThrow("A user id cannot be NaN");
      expect(store.entries.size).toBe(0);
    });

    it("without a user id", async () => {
      for (const userId of [undefined, null, ""]) {
        const error = await thrownBy(() => list(sessions, userId as never), SessionOptionError);
        expect(error.message).toContain("without a user id");
        await thrownBy(() => endAll(sessions, userId as never, undefined), SessionOptionError);
      }
    });

    it("without the option userOf", async () => {
      sessions = await withStore({ userOf: undefined });
      const error = await thrownBy(() => list(sessions, 7), SessionOptionError);
      expect(error.message).toContain("need the session option `userOf`");
    });

    it("if userOf throws, which the save rejects with, and a logout logs", async () => {
      const visitor = await loggedIn(sessions, 7);
      const failure = new Error("no such user");
      sessions = await withStore({
        userOf: () => {
          throw failure;
        },
      });
      await expect(loggedIn(sessions, 8)).rejects.toBe(failure);
      const log = vi.spyOn(console, "error").mockImplementation(() => {});
      await visitor.visits(sessions, (session) => session.clear());
      expect(store.livingRecords).toEqual([]);
      expect(log).toHaveBeenCalledWith("[next-signed-session] userOf failed:", failure);
      log.mockRestore();
    });
  });
});

describe("a store without groups", () => {
  it("is refused beside userOf, in a sentence that names the methods", async () => {
    const error = await thrownBy(
      () => sessionsWith({ store: new AtomicMemoryStore(), userOf }),
      SessionOptionError,
    );
    expect(error.message).toContain(
      "`userOf` needs a store with the methods addMember(group, member, ttl), removeMember(group, member) and membersOf(group)",
    );
  });
});

describe("sessionsOf() and endSessionsOf() of a definition", () => {
  it("list what describe picks, and end all but the given one", async () => {
    const { encode, decode, sessionsOf, endSessionsOf } = defineSession<{
      userId: number;
      browser: string;
      token: string;
    }>({
      secret: SECRET,
      clock: stoppedClock(),
      store: new GroupedMemoryStore(),
      userOf: (data) => data.userId,
    });
    const cookie = await encode({ userId: 7, browser: "Firefox", token: "secret" });
    await encode({ userId: 7, browser: "Chrome", token: "secret" });
    const devices = await sessionsOf(7, { describe: ({ browser }) => ({ browser }) });
    expect(devices.map(({ data }) => data.browser).sort()).toEqual(["Chrome", "Firefox"]);
    for (const { sessionId, began, lastSeen, ...rest } of devices) {
      expect(sessionId).toMatch(/^session:[\w-]{43}$/);
      expect([began, lastSeen]).toEqual([new Date(NOW * 1000), new Date(NOW * 1000)]);
      expect(Object.keys(rest)).toEqual(["data"]);
    }
    expect((await sessionsOf(7))[0]?.data).toBeUndefined();

    const kept = devices.find(({ data }) => data.browser === "Firefox")?.sessionId;
    await endSessionsOf(7, { except: kept });
    expect(await decode(cookie)).toMatchObject({ ok: true });
    expect(await sessionsOf(7)).toHaveLength(1);
    await endSessionsOf(7);
    expect(await decode(cookie)).toEqual({ ok: false, reason: "unknown-session" });
  });

  it("need a store", async () => {
    const { sessionsOf, endSessionsOf } = defineSession({ secret: SECRET, userOf });
    for (const [name, call] of Object.entries({ sessionsOf, endSessionsOf })) {
      const error = await thrownBy(() => call(7), SessionOptionError);
      expect(error.message).toContain(`${name}() needs the session option \`store\``);
    }
  });
});
