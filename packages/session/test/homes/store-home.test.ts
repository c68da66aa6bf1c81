import { beforeEach, describe, expect, it, vi } from "vitest";
import type { SessionManager } from "../../src/core/session-manager.ts";
import { SessionReadOnlyError, SessionSerializationError } from "../../src/errors/errors.ts";
import type { SessionOptions } from "../../src/options/options.ts";
import { NOW, stoppedClock } from "../support/fixed.ts";
import { type MemoryStore, STORES } from "../support/memory-store.ts";
import { thrownBy } from "../support/thrown.ts";
import { type LooseSession, sessionsWith, Visitor } from "../support/visitor.ts";

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

  it("is kept there, and the cookie holds a signed id alone", async () => {
    const [cookie] = await visitor.visits(sessions, (session) => {
      session.visits = 1;
    });
    expect(store.record).toEqual([NOW, { visits: 1 }]);
    expect(cookie?.value).toMatch(/^[\w-]{43}\.[\w-]+\.[\w-]{43}$/);
    expect(await visitor.finds(sessions)).toEqual({ visits: 1 });
  });

  it("keeps every type that a cookie keeps", async () => {
    const data = { when: new Date(5), big: 5n, tags: new Set(["a"]), bytes: new Uint8Array([1]) };
    await visitor.visits(sessions, (session) => Object.assign(session, data));
    expect(await visitor.finds(sessions)).toEqual(data);
  });

  it("may be of any size", async () => {
    const text = "x".repeat(100_000);
    await visitor.visits(sessions, (session) => Object.assign(session, { text }));
    expect(await visitor.finds(sessions)).toEqual({ text });
  });

  it("leaves neither its id nor its cookie in the store, nor the key in the cookie", async () => {
    const [cookie] = await visitor.visits(sessions, (session) => {
      session.visits = 1;
    });
    const [id = ""] = (cookie?.value ?? "").split(".");
    const content = JSON.stringify([...store.entries]);
    expect(id).toHaveLength(43);
    expect(content).not.toContain(id);
    const [key = ""] = store.entries.keys();
    expect(key).toMatch(/^session:[\w-]{43}$/);
    expect(cookie?.value).not.toContain(key.slice("session:".length));
  });

  it("touches the store neither when there is no cookie nor when there is nothing to keep", async () => {
    await visitor.visits(sessions);
    await visitor.visits(sessions, (session) => {
      session.visits = 1;
      delete session.visits;
    });
    visitor.cookies.set("session", "forged.Zg.signature");
    await visitor.visits(sessions);
    expect(store.calls).toEqual([]);
  });

  it("is read once and not written where nothing changed", async () => {
    await visitor.visits(sessions, (session) => {
      session.visits = 1;
    });
    store.calls.length = 0;
    expect(await visitor.visits(sessions)).toEqual([]);
    expect(store.calls).toEqual(["get"]);
  });

  it("keeps its id when it changes, and its cookie is sent again", async () => {
    await visitor.visits(sessions, (session) => {
      session.visits = 1;
    });
    const id = visitor.cookies.get("session")?.split(".")[0];
    clock.pass(10);
    const sent = await visitor.visits(sessions, (session) => {
      session.visits = 2;
    });
    expect(sent).toHaveLength(1);
    expect(visitor.cookies.get("session")?.split(".")[0]).toBe(id);
    expect(store.record).toEqual([NOW + 10, { visits: 2 }]);
  });

  it("is saved twice in one request under one id", async () => {
    await visitor.visits(sessions, async (session) => {
      session.visits = 1;
      await session.save();
      session.visits = 2;
    });
    expect(store.record).toEqual([NOW, { visits: 2 }]);
  });

  it("is written before its cookie, and no cookie is sent where that failed", async () => {
    store.before = (operation) => {
      if (operation === "set") throw new Error("disk full");
    };
    const jar = visitor.jar();
    const session = (await sessions.open(jar)) as LooseSession;
    session.visits = 1;
    await expect(session.save()).rejects.toMatchObject({ code: "ERR_SESSION_STORE" });
    expect(jar.sent).toEqual([]);

    store.before = () => {};
    await session.save();
    expect(jar.sent).toHaveLength(1);
    expect(store.record).toEqual([NOW, { visits: 1 }]);
  });

  it("is not written where no cookie can be sent", async () => {
    await visitor.visits(sessions, (session) => {
      session.visits = 1;
    });
    const session = (await sessions.open(visitor.jar({ readOnly: true }))) as LooseSession;
    session.visits = 2;
    await thrownBy(() => session.save(), SessionReadOnlyError);
    session.clear();
    await thrownBy(() => session.save(), SessionReadOnlyError);
    expect(store.record).toEqual([NOW, { visits: 1 }]);
  });

  it("is not written where its data does not fit the schema", async () => {
    const schema = {
      "~standard": {
        version: 1 as const,
        vendor: "test",
        validate: (value: unknown) =>
          typeof (value as LooseSession).visits === "string"
            ? { issues: [{ message: "is text", path: ["visits"] }] }
            : { value },
      },
    };
    sessions = await withStore({ schema });
    const session = await visitor.opens(sessions);
    session.visits = "many";
    await thrownBy(() => session.save(), SessionSerializationError);
    expect(store.calls).toEqual([]);
  });

  it("can be made and read without a request", async () => {
    const value = await sessions.encode({ visits: 3 }, true);
    expect(store.record).toEqual([NOW, { " p": { visits: 3 } }]);
    visitor.cookies.set("session", value);
    expect(await visitor.finds(sessions)).toEqual({ visits: 3 });
    expect(await sessions.read(value)).toMatchObject({
      ok: true,
      payload: { data: { visits: 3 }, permanent: true },
      issuedAt: NOW,
    });
    store.entries.clear();
    expect(await sessions.read(value)).toEqual({ ok: false, reason: "unknown-session" });
  });

  it("whose record is none of ours reads as empty", async () => {
    await visitor.visits(sessions, (session) => {
      session.visits = 1;
    });
    for (const entry of store.entries.values()) entry.value = '{"visits":1}';
    expect(await visitor.finds(sessions)).toEqual({});
    expect(onReject.mock.calls).toEqual([["unknown-session"]]);
  });

  it("is not taken for a visitor's who is logged out while the store is down", async () => {
    await visitor.visits(sessions, (session) => {
      session.visits = 1;
    });
    store.before = () => Promise.reject(new Error("connection refused"));
    await expect(visitor.opens(sessions)).rejects.toMatchObject({ code: "ERR_SESSION_STORE" });
    expect(visitor.cookies.size).toBe(1);
    store.before = () => {};
    expect(await visitor.finds(sessions)).toEqual({ visits: 1 });
  });
});
