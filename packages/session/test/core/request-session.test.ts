import { describe, expect, it, vi } from "vitest";
import { count } from "../support/acts.ts";
import { AtomicMemoryStore, STORES } from "../support/memory-store.ts";
import { type LooseSession, sessionsWith, Visitor } from "../support/visitor.ts";

const diskIsFull = () => Promise.reject(new Error("disk is full"));

/** Reads succeed and writes fail, as on a full disk or a replica. */
const refuseWrites = (operation: string) => (operation === "get" ? undefined : diskIsFull());

describe.each(STORES)("a logout whose store fails, %s", (_which, Store) => {
  async function loggedIn() {
    const store = new Store();
    const sessions = await sessionsWith({ store });
    const visitor = new Visitor();
    await visitor.visits(sessions, (session) => {
      session.userId = 7;
    });
    return { store, sessions, visitor, cookie: visitor.cookies.get("session") as string };
  }

  it.each<[string, (session: LooseSession) => void]>([
    ["ends the session", (session) => session.clear()],
    [
      "begins another one",
      (session) => {
        session.clear();
        session.userId = 8;
      },
    ],
  ])("and that %s deletes the cookie in the browser, and is an error", async (_what, logout) => {
    const { store, sessions, visitor } = await loggedIn();
    store.before = refuseWrites;
    await expect(visitor.visits(sessions, logout)).rejects.toMatchObject({
      code: "ERR_SESSION_STORE",
      cause: expect.objectContaining({ message: "disk is full" }),
    });
    expect([...visitor.cookies]).toEqual([]);
    expect(await visitor.finds(sessions)).toEqual({});
  });

  it("leaves the session in the store, where the cookie's copy still finds it", async () => {
    const { store, sessions, visitor, cookie } = await loggedIn();
    store.before = refuseWrites;
    await visitor.visits(sessions, (session) => session.clear()).catch(() => {});
    visitor.cookies.set("session", cookie);
    expect(await visitor.finds(sessions)).toEqual({ userId: 7 });
  });

  it("ends the session if the request tries again and the store has recovered", async () => {
    const { store, sessions, visitor, cookie } = await loggedIn();
    store.before = refuseWrites;
    const session = await sessions.open(visitor.jar());
    session.clear();
    await expect(session.save()).rejects.toMatchObject({ code: "ERR_SESSION_STORE" });
    store.before = () => {};
    await session.save();
    visitor.cookies.set("session", cookie);
    expect(await visitor.finds(sessions)).toEqual({});
  });

  it("deletes the cookie with an old id, too", async () => {
    const { store, sessions, visitor, cookie } = await loggedIn();
    await visitor.visits(sessions, (session) => session.regenerate());
    visitor.cookies.set("session", cookie);
    const session = await sessions.open(visitor.jar());
    store.before = refuseWrites;
    session.clear();
    await expect(session.save()).rejects.toMatchObject({ code: "ERR_SESSION_STORE" });
    expect([...visitor.cookies]).toEqual([]);
  });

  it("sends no deletion where no cookie can be sent", async () => {
    const { store, sessions, visitor, cookie } = await loggedIn();
    store.before = refuseWrites;
    const logout = visitor.visits(sessions, (session) => session.clear(), { readOnly: true });
    await expect(logout).rejects.toMatchObject({ code: "ERR_SESSION_READ_ONLY" });
    expect(visitor.cookies.get("session")).toBe(cookie);
  });
});

describe("any other save whose store fails", () => {
  it.each<[string, (session: LooseSession) => void]>([
    [
      "a change",
      (session) => {
        session.visits = 1;
      },
    ],
    ["a deleted key", (session) => delete session.userId],
    ["a new id", (session) => session.regenerate()],
  ])("leaves the cookie as it is: %s", async (_what, change) => {
    const store = new AtomicMemoryStore();
    const sessions = await sessionsWith({ store });
    const visitor = new Visitor();
    await visitor.visits(sessions, (session) => {
      session.userId = 7;
    });
    const cookie = visitor.cookies.get("session");
    store.before = refuseWrites;
    await expect(visitor.visits(sessions, change)).rejects.toMatchObject({
      code: "ERR_SESSION_STORE",
    });
    expect(visitor.cookies.get("session")).toBe(cookie);
  });
});

describe("a cookie that is sent over https", () => {
  const https = { protocol: "https", host: "shop.example" };
  const http = { protocol: "http", host: "shop.example" };

  it.each([
    ["development", https, {}, true],
    ["development", http, {}, false],
    ["development", undefined, {}, false],
    ["development", https, { cookie: { secure: false } }, false],
    ["production", http, {}, true],
    ["production", http, { cookie: { secure: false } }, false],
  ])("in %s, for %j and with %j, is Secure: %s", async (mode, origin, options, secure) => {
    vi.stubEnv("NODE_ENV", mode);
    vi.spyOn(console, "warn").mockImplementation(() => {});
    const visitor = new Visitor();
    visitor.origin = origin;
    const sessions = await sessionsWith(options);
    const set = await visitor.visits(sessions, count);
    const deleted = await visitor.visits(sessions, (session) => session.clear());
    expect([...set, ...deleted].map((cookie) => cookie.secure)).toEqual([secure, secure]);
  });
});
