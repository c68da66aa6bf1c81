import fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { defineSession } from "../../src/core/define-session.ts";
import type { SessionManager } from "../../src/core/session-manager.ts";
import { endSession, endSessionsOf, sessionsOf } from "../../src/core/stored-sessions.ts";
import { SessionOptionError } from "../../src/errors/errors.ts";
import type { SessionOptions } from "../../src/options/options.ts";
import { DAY, NOW, SECRET, stoppedClock } from "../support/fixed.ts";
import { AtomicMemoryStore, GroupedMemoryStore } from "../support/memory-store.ts";
import { thrownBy } from "../support/thrown.ts";
import { type LooseSession, sessionsWith, Visitor } from "../support/visitor.ts";

/** The same without `compareAndSet`. */
class GroupedStoreOfOneProcess extends GroupedMemoryStore {
  override readonly compareAndSet = undefined as never;
}

const at = (seconds: number) => new Date(seconds * 1000);

const userOf = (data: Record<string, unknown>) => data.userId as number | undefined;

describe.each([
  ["without compareAndSet", GroupedStoreOfOneProcess],
  ["with compareAndSet", GroupedMemoryStore],
])("a user's sessions in a store %s", (_which, Store) => {
  let store: GroupedMemoryStore;
  let clock: ReturnType<typeof stoppedClock>;
  let sessions: SessionManager;

  const withStore = (options: SessionOptions = {}) =>
    sessionsWith({ store, clock, userOf, ...options });

  /** A new browser in which this user logs in. */
  async function loggedIn(userId: unknown, data: object = {}): Promise<Visitor> {
    const visitor = new Visitor();
    await visitor.visits(sessions, (session) => Object.assign(session, { userId, ...data }));
    return visitor;
  }

  const idOf = async (visitor: Visitor) => (await sessions.open(visitor.jar())).sessionId as string;
  const list = (userId: number | string) =>
    sessionsOf(sessions.home, userId, ({ ...data }) => data);
  const endAll = (userId: number, except: string | undefined) =>
    endSessionsOf(sessions.home, userId, except);
  const listed = async (userId: number | string) => (await list(userId)).map(({ data }) => data);
  /** How many sessions the lists will have when nobody can bring back an ended one any more. */
  const members = () =>
    [...store.groups.values()]
      .flatMap((ofUser) => [...ofUser.values()])
      .filter((expires) => expires > Date.now() + 60_000).length;
  const open = async (visitor: Visitor) => (await sessions.open(visitor.jar())) as LooseSession;

  beforeEach(async () => {
    store = new Store();
    clock = stoppedClock();
    sessions = await withStore();
  });

  describe("are listed:", () => {
    it("those of the user, and neither another user's nor nobody's", async () => {
      await loggedIn(7, { browser: "Firefox" });
      await loggedIn(8, { browser: "Chrome" });
      await loggedIn(undefined, { browser: "Safari" });
      await loggedIn(null, { browser: "Safari" });
      await loggedIn("", { browser: "Safari" });
      expect(await listed(7)).toEqual([{ userId: 7, browser: "Firefox" }]);
      expect(await listed(8)).toEqual([{ userId: 8, browser: "Chrome" }]);
      expect(await listed(9)).toEqual([]);
    });

    it("with their ids, when each began and was last saved, and the last saved one first", async () => {
      const phone = await loggedIn(7, { browser: "phone" });
      clock.pass(100);
      const desktop = await loggedIn(7, { browser: "desktop" });
      clock.pass(100);
      await phone.visits(sessions, (session) => {
        session.visits = 1;
      });
      const found = await list(7);
      const times = found.map(({ sessionId, began, lastSeen }) => [sessionId, began, lastSeen]);
      expect(times).toEqual([
        [await idOf(phone), at(NOW), at(NOW + 200)],
        [await idOf(desktop), at(NOW + 100), at(NOW + 100)],
      ]);
    });

    it("under their new id after regenerate(), and no longer under the old one", async () => {
      const visitor = await loggedIn(7);
      await visitor.visits(sessions, (session) => session.regenerate());
      const [session, ...more] = await list(7);
      expect(session?.sessionId).toBe(await idOf(visitor));
      expect(more).toEqual([]);
      expect(members()).toBe(1);
    });

    it("not any more after clear(), a deletion of the user's id, endSession() and expiry", async () => {
      const ends: ((visitor: Visitor) => unknown)[] = [
        (visitor) => visitor.visits(sessions, (session) => session.clear()),
        (visitor) => visitor.visits(sessions, (session) => delete session.userId),
        async (visitor) => endSession(sessions.home, await idOf(visitor)),
      ];
      for (const end of ends) {
        const visitor = await loggedIn(7, { theme: "dark" });
        expect(await listed(7)).toHaveLength(1);
        await end(visitor);
        expect(await listed(7)).toEqual([]);
        expect(members()).toBe(0);
      }
      await loggedIn(7);
      clock.pass(31 * DAY + 1);
      expect(await listed(7)).toEqual([]);
    });

    it("with the new user alone when another one logs in", async () => {
      const visitor = await loggedIn(7);
      await visitor.visits(sessions, (session) => {
        session.userId = 8;
      });
      expect(await listed(7)).toEqual([]);
      expect(await listed(8)).toEqual([{ userId: 8 }]);
      await visitor.visits(sessions, (session) => {
        session.clear();
        session.userId = 9;
      });
      expect(await listed(8)).toEqual([]);
      expect(await listed(9)).toEqual([{ userId: 9 }]);
      expect(members()).toBe(1);
    });

    it("with the new user alone, even if the store could not remove it from the other's list", async () => {
      const visitor = await loggedIn(7);
      await visitor.visits(sessions, (session) => {
        session.userId = 8;
      });
      await store.addMember("session:user:7", await idOf(visitor), 60_000);
      expect(await listed(7)).toEqual([]);
    });

    it("by a text as by its number, because 7 and “7” are one user", async () => {
      await loggedIn(7);
      await loggedIn("7");
      await loggedIn(7n);
      expect(await listed("7")).toHaveLength(3);
    });

    it("when encode() made them, and when they moved in from a cookie", async () => {
      const visitor = new Visitor();
      visitor.cookies.set("session", await sessions.encode({ userId: 7 }, false));
      expect(await listed(7)).toEqual([{ userId: 7 }]);
      const before = await sessionsWith({ clock });
      sessions = await withStore({ accept: ["signed"] });
      const moved = new Visitor();
      await moved.visits(before, (session) => {
        session.userId = 8;
      });
      expect(await listed(8)).toEqual([]);
      await moved.visits(sessions, (session) => {
        session.theme = "dark";
      });
      expect(await listed(8)).toEqual([{ userId: 8, theme: "dark" }]);
    });

    it("when the option is new, from their next save on", async () => {
      sessions = await withStore({ userOf: undefined });
      const visitor = await loggedIn(7);
      sessions = await withStore();
      expect(await listed(7)).toEqual([]);
      clock.pass(10);
      await visitor.visits(sessions, (session) => {
        session.theme = "dark";
      });
      const [session] = await list(7);
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
      expect(await listed(7)).toEqual([{ userId: 7, theme: "light" }]);
    });
  });

  describe("all end", () => {
    it("but the one that goes on, and other users' do not", async () => {
      const [here, there, other] = [await loggedIn(7), await loggedIn(7), await loggedIn(8)];
      await endAll(7, await idOf(here));
      expect(await here.finds(sessions)).toEqual({ userId: 7 });
      expect(await there.finds(sessions)).toEqual({});
      expect(await other.finds(sessions)).toEqual({ userId: 8 });
      await endAll(7, undefined);
      expect(await here.finds(sessions)).toEqual({});
      expect(await listed(7)).toEqual([]);
      expect(members()).toBe(1);
    });

    it("though a request that began before saves afterwards", async () => {
      const visitor = await loggedIn(7);
      const [changing, rotating] = [await open(visitor), await open(visitor)];
      await endAll(7, undefined);
      changing.theme = "dark";
      rotating.regenerate();
      for (const session of [changing, rotating]) await session.save();
      expect(store.livingRecords).toEqual([]);
      expect(await listed(7)).toEqual([]);
    });

    it("though a request that saw one before a rotation to another user regenerates it again", async () => {
      const visitor = await loggedIn(7);
      const [first, second] = [await open(visitor), await open(visitor)];
      first.regenerate();
      first.userId = 8;
      await first.save();
      await endAll(7, undefined);
      second.regenerate();
      second.theme = "dark";
      await second.save();
      expect(await listed(8)).toEqual([{ userId: 8 }]);
      expect(await listed(7)).toEqual([]);
    });

    it("though one gets a new id after they were listed", async () => {
      const visitor = await loggedIn(7);
      const rotating = await open(visitor);
      rotating.regenerate();
      const membersOf = store.membersOf.bind(store);
      store.membersOf = async (group) => {
        const listed = await membersOf(group);
        await rotating.save();
        return listed;
      };
      await endAll(7, undefined);
      expect(store.livingRecords).toEqual([]);
    });

    it("but the one that goes on under a new id, even if its old id is still listed", async () => {
      const visitor = await loggedIn(7);
      const oldId = await idOf(visitor);
      const session = await open(visitor);
      session.regenerate();
      await session.save();
      await store.addMember("session:user:7", oldId, 60_000);
      await endAll(7, session.sessionId);
      expect({ ...(await list(7))[0] }).toMatchObject({
        sessionId: session.sessionId,
      });
    });

    it("but not the session of another user that has taken one's place", async () => {
      const visitor = await loggedIn(7);
      const oldId = await idOf(visitor);
      await visitor.visits(sessions, (session) => {
        session.clear();
        session.userId = 8;
      });
      await store.addMember("session:user:7", oldId, 60_000);
      await endAll(7, undefined);
      expect(await visitor.finds(sessions)).toEqual({ userId: 8 });
    });

    it("and sessions that begin afterwards do not", async () => {
      const guest = new Visitor();
      await guest.visits(sessions, (session) => {
        session.theme = "dark";
      });
      const loggingIn = await open(guest);
      await endAll(7, undefined);
      loggingIn.regenerate();
      loggingIn.userId = 7;
      await loggingIn.save();
      expect(await listed(7)).toEqual([{ theme: "dark", userId: 7 }]);
    });
  });

  it("are noted before their records, so that none is missed", async () => {
    await loggedIn(7);
    expect(store.calls.filter((call) => call !== "get")).toEqual(["addMember", "set"]);
  });

  it("are not saved if they cannot be noted", async () => {
    store.before = (operation) => {
      if (operation === "addMember") throw new Error("disk full");
    };
    await expect(loggedIn(7)).rejects.toMatchObject({ code: "ERR_SESSION_STORE" });
    expect(store.entries.size).toBe(0);
  });

  it("end even if the store cannot remove them from the list, whose time runs out", async () => {
    const visitor = await loggedIn(7);
    store.before = (operation) => {
      if (operation === "removeMember") throw new Error("disk full");
    };
    await visitor.visits(sessions, (session) => session.clear());
    expect(store.livingRecords).toEqual([]);
    expect(members()).toBe(1);
    expect(await listed(7)).toEqual([]);
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
            await endAll(userId, undefined);
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
            if (act === "end") await endSession(sessions.home, await idOf(browser));
            if (act === "log out" || act === "end") users[at] = undefined;
            if (act === "keep one") {
              await endAll(user, await idOf(browser));
              for (const [index, owner] of users.entries()) {
                if (owner === user && index !== at) users[index] = undefined;
              }
            }
          }
        }
        for (const userId of [0, 1, 2]) {
          const living = browsers.filter((_, at) => users[at] === userId);
          const ids = await Promise.all(living.map(idOf));
          const found = (await list(userId)).map(({ sessionId }) => sessionId);
          expect([...found].sort()).toEqual(ids.sort());
        }
        expect(members()).toBe(users.filter((user) => user !== undefined).length);
      }),
      { numRuns: 100 },
    );
  });

  describe("cannot be listed", () => {
    it("if userOf returns something else than an id, whose value no message shows", async () => {
      const error = await thrownBy(() => loggedIn({ password: "hunter2" }), SessionOptionError);
      expect(error.message).toMatch(/^A user id cannot be of the type object\. Allowed, here and/);
      sessions = await withStore({ userOf: () => Number.NaN });
      await expect(loggedIn(7)).rejects.toThrow("A user id cannot be NaN");
      expect(store.entries.size).toBe(0);
    });

    it("without a user id", async () => {
      for (const userId of [undefined, null, ""]) {
        const error = await thrownBy(() => list(userId as never), SessionOptionError);
        expect(error.message).toContain("without a user id");
        await thrownBy(() => endAll(userId as never, undefined), SessionOptionError);
      }
    });

    it("without the option userOf", async () => {
      sessions = await withStore({ userOf: undefined });
      const error = await thrownBy(() => list(7), SessionOptionError);
      expect(error.message).toContain("need the session option `userOf`");
    });

    it("if userOf throws, which the save rejects with, and a logout logs", async () => {
      const visitor = await loggedIn(7);
      const failure = new Error("no such user");
      sessions = await withStore({
        userOf: () => {
          throw failure;
        },
      });
      await expect(loggedIn(8)).rejects.toBe(failure);
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
