import { setTimeout as pause } from "node:timers/promises";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { defineSession } from "../../src/core/define-session.ts";
import type { SessionManager } from "../../src/core/session-manager.ts";
import { SessionContextError, SessionOptionError } from "../../src/errors/errors.ts";
import type { SessionOptions } from "../../src/options/options.ts";
import { NOW, SECRET, stoppedClock } from "../support/fixed.ts";
import { type MemoryStore, STORES } from "../support/memory-store.ts";
import { thrownBy } from "../support/thrown.ts";
import { tokenProvider } from "../support/token-provider.ts";
import { type LooseSession, sessionsWith, Visitor } from "../support/visitor.ts";

vi.mock("../../src/homes/leases.ts", async (original) => ({
  ...(await original<object>()),
  LEASE_TIME: 1500,
}));

describe.each(STORES)("session.once(), in a store %s,", (_which, Store) => {
  let store: MemoryStore;
  let visitor: Visitor;
  let sessions: SessionManager;
  let refresh: ReturnType<typeof tokenProvider>;

  const withStore = (options: SessionOptions = {}) => sessionsWith({ store, ...options });

  beforeEach(async () => {
    store = new Store();
    visitor = new Visitor();
    refresh = tokenProvider();
    sessions = await withStore();
    await visitor.visits(sessions, (session) => {
      session.token = { access: 1 };
    });
  });

  it("calls the provider once for all requests that find a value stale, and all get the new one", async () => {
    const requests = await visitor.opensMany(sessions, 50);
    const tokens = await Promise.all(requests.map((session) => session.once("token", refresh)));
    expect(refresh).toHaveBeenCalledTimes(1);
    expect(new Set(tokens.map((token) => JSON.stringify(token)))).toEqual(
      new Set(['{"access":2}']),
    );
    for (const session of requests) expect({ ...session }).toEqual({ token: { access: 2 } });
    expect(store.record).toEqual([NOW, { token: { access: 2 } }]);
  });

  it("gives each request an object of its own", async () => {
    const [one, other] = await visitor.opensMany(sessions, 2);
    const [mine] = await Promise.all([one.once("token", refresh), other.once("token", refresh)]);
    (mine as { access: number }).access = 9;
    expect({ ...other }).toEqual({ token: { access: 2 } });
  });

  it("calls nobody for a request that had read the old value and comes late", async () => {
    const [early, late] = await visitor.opensMany(sessions, 2);
    await early.once("token", refresh);
    expect(await late.once("token", refresh)).toEqual({ access: 2 });
    expect(refresh).toHaveBeenCalledTimes(1);
  });

  it("renews again what has become stale again, in the same request or another one", async () => {
    const session = await visitor.opens(sessions);
    await session.once("token", refresh);
    expect(await session.once("token", refresh)).toEqual({ access: 3 });
    expect(await (await visitor.opens(sessions)).once("token", refresh)).toEqual({ access: 4 });
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
    const [renewing, other] = await visitor.opensMany(sessions, 2);
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
    const session = await visitor.opens(sessions);
    session.visits = 1;
    session.modified = false;
    await session.once("token", refresh);
    expect(session.modified).toBe(false);
    await session.save();
    expect(store.record).toEqual([NOW, { token: { access: 2 } }]);
  });

  it("renews two values at the same time", async () => {
    const [one, other] = await visitor.opensMany(sessions, 2);
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
    expect(store.values).toEqual([`[${NOW},{"token":2,"rates":2}]`]);
  });

  it("keeps every type that a session keeps", async () => {
    const session = await visitor.opens(sessions);
    const value = { until: new Date(5), scopes: new Set(["a"]) };
    await session.once("token", () => value);
    expect(await (await visitor.opens(sessions)).token).toEqual(value);
  });

  it("gives its error to all that wait, and the next request tries again", async () => {
    const failure = new Error("the provider is down");
    refresh.mockImplementationOnce(async () => {
      await pause(20);
      throw failure;
    });
    const requests = await visitor.opensMany(sessions, 20);
    const results = await Promise.allSettled(requests.map((one) => one.once("token", refresh)));
    expect(refresh).toHaveBeenCalledTimes(1);
    for (const result of results) expect(result).toEqual({ status: "rejected", reason: failure });
    expect(store.values).toEqual([`[${NOW},{"token":{"access":1}}]`]);
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
    const session = await visitor.opens(sessions);
    await expect(session.once("token", () => 7)).rejects.toMatchObject({
      code: "ERR_SESSION_SCHEMA",
    });
    await expect(session.once("token", () => ({ call() {} }))).rejects.toMatchObject({
      code: "ERR_SESSION_SERIALIZATION",
    });
    expect(store.values).toEqual([`[${NOW},{"token":{"access":1}}]`]);
  });

  it("stops waiting for a provider that never answers, and lets the next request try", async () => {
    const session = await visitor.opens(sessions);
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

  it("renews a session from a cookie, which moves into the store by it", async () => {
    const inCookies = await sessionsWith({ clock: stoppedClock() });
    sessions = await withStore({ accept: ["signed"] });
    store.entries.clear();
    const mover = new Visitor();
    await mover.visits(inCookies, (session) => {
      session.token = { access: 1 };
    });
    const requests = await Promise.all([mover.opens(sessions), mover.opens(sessions)]);
    await Promise.all(requests.map((session) => session.once("token", refresh)));
    expect(refresh).toHaveBeenCalledTimes(1);
    expect(await mover.finds(sessions)).toEqual({ token: { access: 2 } });
  });

  it("is a change like any other while the session is not stored yet", async () => {
    const newcomer = new Visitor();
    const [cookie] = await newcomer.visits(sessions, async (session) => {
      expect(await session.once("token", refresh)).toEqual({ access: 2 });
      expect(session.modified).toBe(true);
    });
    expect(cookie).toBeDefined();
    expect(await newcomer.finds(sessions)).toEqual({ token: { access: 2 } });
  });

  it("fails with the store's error, and the provider is not called if the lease cannot be stored", async () => {
    const session = await visitor.opens(sessions);
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
