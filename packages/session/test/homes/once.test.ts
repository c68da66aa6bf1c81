import { beforeEach, describe, expect, it, vi } from "vitest";
import { defineSession } from "../../src/core/define-session.ts";
import type { SessionManager } from "../../src/core/session-manager.ts";
import { endSession } from "../../src/core/stored-sessions.ts";
import { SessionContextError, SessionOptionError } from "../../src/errors/errors.ts";
import { withLease } from "../../src/homes/leases.ts";
import { formatRecord } from "../../src/homes/record.ts";
import type { SessionOptions } from "../../src/options/options.ts";
import { NOW, SECRET, stoppedClock } from "../support/fixed.ts";
import { AtomicMemoryStore, MemoryStore } from "../support/memory-store.ts";
import { thrownBy } from "../support/thrown.ts";
import { type LooseSession, sessionsWith, Visitor } from "../support/visitor.ts";

const LEASE_TIME = 1500;

vi.mock("../../src/homes/leases.ts", async (original) => ({
  ...(await original<object>()),
  LEASE_TIME: 1500,
}));

const pause = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

describe.each([
  ["without compareAndSet", MemoryStore],
  ["with compareAndSet", AtomicMemoryStore],
])("session.once(), in a store %s,", (_which, Store) => {
  let store: MemoryStore;
  let visitor: Visitor;
  let sessions: SessionManager;
  let onReject: ReturnType<typeof vi.fn<(reason: string) => void>>;
  /** The provider, which gives another token each time. */
  let refresh: ReturnType<typeof vi.fn<() => Promise<object>>>;

  const withStore = (options: SessionOptions = {}) =>
    sessionsWith({ store, onReject, clock: stoppedClock(), ...options });
  const open = async (browser = visitor, kind = {}) =>
    (await sessions.open(browser.jar(kind))) as LooseSession;
  const openMany = (count: number) => Promise.all(Array.from({ length: count }, () => open()));
  const content = () => [...store.entries.values()].map(({ value }) => value);

  /** The provider's next answer waits until it is released. */
  function holdRefresh(): () => void {
    let release: () => void = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    refresh.mockImplementationOnce(async () => {
      await released;
      return { access: 2 };
    });
    return release;
  }

  beforeEach(async () => {
    store = new Store();
    visitor = new Visitor();
    onReject = vi.fn();
    let tokens = 1;
    refresh = vi.fn(async () => {
      await pause(20);
      return { access: ++tokens };
    });
    sessions = await withStore();
    await visitor.visits(sessions, (session) => {
      session.token = { access: 1 };
    });
  });

  it("calls the provider once for all requests that find a value stale, and all get the new one", async () => {
    const requests = await openMany(50);
    const tokens = await Promise.all(requests.map((session) => session.once("token", refresh)));
    expect(refresh).toHaveBeenCalledTimes(1);
    expect(new Set(tokens.map((token) => JSON.stringify(token)))).toEqual(
      new Set(['{"access":2}']),
    );
    for (const session of requests) expect({ ...session }).toEqual({ token: { access: 2 } });
    expect(store.record).toEqual([NOW, { token: { access: 2 } }]);
  });

  it("gives each request an object of its own", async () => {
    const [one, other] = (await openMany(2)) as [LooseSession, LooseSession];
    const [mine] = await Promise.all([one.once("token", refresh), other.once("token", refresh)]);
    (mine as { access: number }).access = 9;
    expect({ ...other }).toEqual({ token: { access: 2 } });
  });

  it("calls nobody for a request that had read the old value and comes late", async () => {
    const [early, late] = (await openMany(2)) as [LooseSession, LooseSession];
    await early.once("token", refresh);
    expect(await late.once("token", refresh)).toEqual({ access: 2 });
    expect(refresh).toHaveBeenCalledTimes(1);
  });

  it("renews again what has become stale again, in the same request or another one", async () => {
    const session = await open();
    await session.once("token", refresh);
    expect(await session.once("token", refresh)).toEqual({ access: 3 });
    expect(await (await open()).once("token", refresh)).toEqual({ access: 4 });
  });

  it("stores the value at once, where no cookie can be sent as well, and that is no change", async () => {
    const jar = visitor.jar({ readOnly: true });
    const session = (await sessions.open(jar)) as LooseSession;
    await session.once("token", refresh);
    expect(session.modified).toBe(false);
    store.calls.length = 0;
    await session.save();
    expect(store.calls).toEqual([]);
    expect(jar.sent).toEqual([]);
    expect(await visitor.finds(sessions)).toEqual({ token: { access: 2 } });
  });

  it("keeps what its own request and others change meanwhile", async () => {
    const [renewing, other] = (await openMany(2)) as [LooseSession, LooseSession];
    renewing.visits = 1;
    const renewed = renewing.once("token", refresh);
    other.theme = "dark";
    await other.save();
    await renewed;
    expect(renewing.modified).toBe(true);
    (renewing.token as Record<string, unknown>).note = "seen";
    await renewing.save();
    expect(await visitor.finds(sessions)).toEqual({
      token: { access: 2, note: "seen" },
      theme: "dark",
      visits: 1,
    });
  });

  it("leaves changes waived that were waived", async () => {
    const session = await open();
    session.visits = 1;
    session.modified = false;
    await session.once("token", refresh);
    expect(session.modified).toBe(false);
    await session.save();
    expect(store.record).toEqual([NOW, { token: { access: 2 } }]);
  });

  it("renews two values at the same time", async () => {
    const [one, other] = (await openMany(2)) as [LooseSession, LooseSession];
    let bothRun: () => void = () => {};
    const both = new Promise<void>((resolve) => {
      bothRun = resolve;
    });
    let running = 0;
    const together = async () => {
      if (++running === 2) bothRun();
      await both;
      return running;
    };
    await Promise.all([one.once("token", together), other.once("rates", together)]);
    expect(await visitor.finds(sessions)).toEqual({ token: 2, rates: 2 });
    expect(content()).toEqual([`[${NOW},{"token":2,"rates":2}]`]);
  });

  it("keeps every type that a session keeps", async () => {
    const session = await open();
    const value = { until: new Date(5), scopes: new Set(["a"]) };
    await session.once("token", () => value);
    expect(await (await open()).token).toEqual(value);
  });

  it("gives its error to all that wait, and the next request tries again", async () => {
    const failure = new Error("the provider is down");
    refresh.mockImplementationOnce(async () => {
      await pause(20);
      throw failure;
    });
    const requests = await openMany(20);
    const results = await Promise.allSettled(requests.map((one) => one.once("token", refresh)));
    expect(refresh).toHaveBeenCalledTimes(1);
    for (const result of results) expect(result).toEqual({ status: "rejected", reason: failure });
    expect(content()).toEqual([`[${NOW},{"token":{"access":1}}]`]);
    expect(await requests[0]?.once("token", refresh)).toEqual({ access: 2 });
  });

  it("stores nothing that does not fit the schema, and says so", async () => {
    const schema = {
      "~standard": {
        version: 1 as const,
        vendor: "test",
        validate: (value: unknown) =>
          typeof (value as LooseSession).token === "object"
            ? { value }
            : { issues: [{ message: "no object", path: ["token"] }] },
      },
    };
    sessions = await withStore({ schema });
    const session = await open();
    await expect(session.once("token", () => 7)).rejects.toMatchObject({
      code: "ERR_SESSION_SCHEMA",
    });
    await expect(session.once("token", () => ({ call() {} }))).rejects.toMatchObject({
      code: "ERR_SESSION_SERIALIZATION",
    });
    expect(content()).toEqual([`[${NOW},{"token":{"access":1}}]`]);
  });

  it("stops waiting for a provider that never answers, and lets the next request try", async () => {
    const session = await open();
    let aborted = false;
    const hanging = session.once("token", (signal: AbortSignal) => {
      signal.addEventListener("abort", () => {
        aborted = true;
      });
      return new Promise(() => {});
    });
    await expect(hanging).rejects.toMatchObject({ name: "TimeoutError" });
    expect(aborted).toBe(true);
    expect(await session.once("token", refresh)).toEqual({ access: 2 });
  });

  describe("while another process renews the value", () => {
    const leased = (until: number, token: object = { access: 1 }) =>
      formatRecord({
        writtenAt: NOW,
        text: JSON.stringify({ token }),
        leases: withLease(undefined, { key: "token", owner: "another", until }),
      });
    const put = (value: string) => {
      const [key = ""] = store.entries.keys();
      return store.set(key, value, 60_000);
    };

    it("waits, and gets what that one stores", async () => {
      const requests = await openMany(20);
      await put(leased(Date.now() + 60_000));
      const tokens = Promise.all(requests.map((session) => session.once("token", refresh)));
      await pause(150);
      await put(`[${NOW},{"token":{"access":8}}]`);
      expect(new Set((await tokens).map((token) => JSON.stringify(token)))).toEqual(
        new Set(['{"access":8}']),
      );
      expect(refresh).not.toHaveBeenCalled();
    });

    it("takes over when its lease is over, because it may have been killed", async () => {
      const requests = await openMany(20);
      const until = Date.now() + 200;
      await put(leased(until));
      await Promise.all(requests.map((session) => session.once("token", refresh)));
      expect(Date.now()).toBeGreaterThanOrEqual(until);
      expect(refresh).toHaveBeenCalledTimes(1);
      expect(content()).toEqual([`[${NOW},{"token":{"access":2}}]`]);
    });

    it("saves other changes without ending its lease", async () => {
      const until = Date.now() + 60_000;
      await put(leased(until));
      await visitor.visits(sessions, (session) => {
        session.visits = 1;
      });
      expect(content()).toEqual([
        leased(until).replace('{"token":{"access":1}}', '{"token":{"access":1},"visits":1}'),
      ]);
      await visitor.visits(sessions, (session) => session.regenerate());
      expect(content().join()).toContain(`"token=another.${until}"`);
    });

    it("finds in the record who does it, and until when", async () => {
      const session = await open();
      const release = holdRefresh();
      const before = Date.now();
      const renewed = session.once("token", refresh);
      await vi.waitFor(() => expect(refresh).toHaveBeenCalled());
      const [, until] = /"token=[\w-]{36}\.(\d{13})"/.exec(content().join()) ?? [];
      expect(Number(until)).toBeGreaterThanOrEqual(before + LEASE_TIME);
      expect(Number(until)).toBeLessThanOrEqual(Date.now() + LEASE_TIME);
      release();
      await renewed;
      expect(content()).toEqual([`[${NOW},{"token":{"access":2}}]`]);
    });
  });

  describe("of a session that ends or gets a new id meanwhile", () => {
    it.each<[string, (session: LooseSession) => unknown]>([
      ["clear()", (session) => session.clear()],
      ["endSession()", (session) => endSession(sessions.home, session.sessionId as string)],
    ])("brings nothing back after %s, and gives undefined", async (_how, end) => {
      const [renewing, waiting] = (await openMany(2)) as [LooseSession, LooseSession];
      const release = holdRefresh();
      const both = Promise.all(
        [renewing, waiting].map((session) => session.once("token", refresh)),
      );
      await vi.waitFor(() => expect(refresh).toHaveBeenCalled());
      await visitor.visits(sessions, end);
      release();
      expect(await both).toEqual([undefined, undefined]);
      expect(store.livingRecords).toEqual([]);
      expect(onReject).toHaveBeenCalledWith("unknown-session");
      expect(await renewing.once("token", refresh)).toBeUndefined();
      expect(refresh).toHaveBeenCalledTimes(1);
    });

    it("calls the provider once for both ids, and both get the new value", async () => {
      const old = new Visitor();
      for (const [name, value] of visitor.cookies) old.cookies.set(name, value);
      const [renewing, waiting] = (await openMany(2)) as [LooseSession, LooseSession];
      const release = holdRefresh();
      const withOldId = [renewing, waiting].map((session) => session.once("token", refresh));
      await vi.waitFor(() => expect(refresh).toHaveBeenCalled());
      await visitor.visits(sessions, (session) => {
        session.regenerate();
        session.userId = 7;
      });
      const withNewId = (await open()).once("token", refresh);
      release();
      for (const token of [...withOldId, withNewId]) expect(await token).toEqual({ access: 2 });
      expect(refresh).toHaveBeenCalledTimes(1);
      expect(await visitor.finds(sessions)).toEqual({ token: { access: 2 }, userId: 7 });
      expect(await old.finds(sessions)).toEqual({});
    });

    it("gives a request with the old id nothing that the new one has renewed", async () => {
      const late = await open();
      await visitor.visits(sessions, (session) => session.regenerate());
      await (await open()).once("token", refresh);
      expect(await late.once("token", refresh)).toBeUndefined();
      expect(refresh).toHaveBeenCalledTimes(1);
    });
  });

  it("renews a session from a cookie, which moves into the store by it", async () => {
    const inCookies = await sessionsWith({ clock: stoppedClock() });
    sessions = await withStore({ accept: ["signed"] });
    store.entries.clear();
    const mover = new Visitor();
    await mover.visits(inCookies, (session) => {
      session.token = { access: 1 };
    });
    const requests = await Promise.all([open(mover), open(mover)]);
    await Promise.all(requests.map((session) => session.once("token", refresh)));
    expect(refresh).toHaveBeenCalledTimes(1);
    expect(await mover.finds(sessions)).toEqual({ token: { access: 2 } });
  });

  it("of a session that is not stored yet is a change like any other", async () => {
    const newcomer = new Visitor();
    const [cookie] = await newcomer.visits(sessions, async (session) => {
      expect(await session.once("token", refresh)).toEqual({ access: 2 });
      expect(session.modified).toBe(true);
    });
    expect(cookie).toBeDefined();
    expect(await newcomer.finds(sessions)).toEqual({ token: { access: 2 } });
  });

  it("fails with the store's error, and the provider is not called if the lease cannot be stored", async () => {
    const session = await open();
    store.before = () => Promise.reject(new Error("down"));
    await expect(session.once("token", refresh)).rejects.toMatchObject({
      code: "ERR_SESSION_STORE",
    });
    expect(refresh).not.toHaveBeenCalled();
    store.before = () => {};
    expect(await session.once("token", refresh)).toEqual({ access: 2 });
  });
});

describe("session.once()", () => {
  it("needs a store", async () => {
    const { getSession } = defineSession<{ token: string }>({ secret: SECRET });
    const session = await getSession(new Request("https://shop.example"), new Headers());
    const error = await thrownBy(() => session.once("token", () => "new"), SessionOptionError);
    expect(error.message).toContain("session.once() needs the session option `store`");
  });

  it("cannot be called on a copy of the session", async () => {
    const { getSession } = defineSession<{ token: string }>({ secret: SECRET });
    const { once } = await getSession(new Request("https://shop.example"), new Headers());
    await thrownBy(() => once("token", () => "new"), SessionContextError);
  });
});
