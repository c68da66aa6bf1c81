import KeyvRedis from "@keyv/redis";

import { Keyv } from "keyv";
import { Keyv as Keyv6, KeyvRedis as KeyvRedis6 } from "keyv-6";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Redis } from "../../../../scripts/redis.mjs";
import { SessionStoreError } from "../../src/errors/errors.ts";
import { storeFaultContract } from "../../src/store/fault-contract.ts";
import { withoutKeyv } from "../../src/store/keyv.ts";
import { RecordStore, type SessionStore } from "../../src/store/store.ts";
import { describeWithRedis } from "../support/redis.ts";
import { TcpProxy } from "../support/tcp-proxy.ts";
import { thrownBy } from "../support/thrown.ts";

const TTL = 60_000;

const put = (value: string) => ({ value, ttl: TTL });

/** Nobody listens there: port 9 is discard. */
const NOBODY = "redis://127.0.0.1:9";

/** As the guide has it: a listener on the adapter, and none on the Keyv. */
const logged = <Adapter extends KeyvRedis<unknown> | KeyvRedis6<unknown>>(adapter: Adapter) => {
  adapter.on("error", () => {});
  return adapter;
};

const stores: [string, (url: string) => SessionStore][] = [
  ["a KeyvRedis 5", (url) => logged(new KeyvRedis(url))],
  ["a KeyvRedis 6", (url) => logged(new KeyvRedis6(url))],
  ["a Keyv 5 over a KeyvRedis 5", (url) => new Keyv({ store: logged(new KeyvRedis(url)) })],
  ["a Keyv 6 over a KeyvRedis 6", (url) => new Keyv6({ store: logged(new KeyvRedis6(url)) })],
  [
    "a Keyv 6 over a KeyvRedis 5",
    (url) => new Keyv6({ store: logged(new KeyvRedis(url)) as never }),
  ],
];

const recordsOf = (store: SessionStore, timeout = 10_000) =>
  new RecordStore(withoutKeyv(store), timeout);

/** What would end the process, if the test did not listen. */
const uncaught: unknown[] = [];
const note = (error: unknown) => uncaught.push(error);
beforeAll(() => {
  process.on("uncaughtException", note).on("unhandledRejection", note);
});
afterEach(() => expect(uncaught.splice(0)).toEqual([]));
afterAll(() => {
  process.off("uncaughtException", note).off("unhandledRejection", note);
});

describeWithRedis("Redis", { servers: 2 }, (servers) => {
  const [first, second] = [() => servers[0] as Redis, () => servers[1] as Redis];
  let proxy: TcpProxy;

  beforeEach(async () => {
    proxy = await TcpProxy.start(first().port);
  });
  afterEach(() => proxy.stop());

  describe.each(stores)("as %s", (_which, newStore) => {
    it("where nobody listens is an error at once, with the connection's own as cause", async () => {
      const records = recordsOf(newStore(NOBODY));
      for (let tries = 0; tries < 3; tries++) {
        const began = performance.now();
        const error = await thrownBy(() => records.get("key"), SessionStoreError);
        expect(performance.now() - began).toBeLessThan(2000);
        expect(error.code).toBe("ERR_SESSION_STORE");
        expect(String(error.cause)).toContain("ECONNREFUSED");
      }
    });

    it("that refuses the password is an error at once, with its own as cause", async () => {
      await first().command("CONFIG", "SET", "requirepass", "right");
      try {
        const url = first().url.replace("//", "//:wrong@");
        const began = performance.now();
        const error = await thrownBy(() => recordsOf(newStore(url)).get("key"), SessionStoreError);
        expect(performance.now() - began).toBeLessThan(2000);
        expect(String(error.cause)).toContain("WRONGPASS");
      } finally {
        await first().command("-a", "right", "CONFIG", "SET", "requirepass", "");
      }
    });

    it("that has become a replica is left for the server that has its address now", async () => {
      const records = recordsOf(newStore(proxy.url));
      await records.set("key", put("1"));
      await first().command("REPLICAOF", "127.0.0.1", `${second().port}`);
      proxy.target = second().port;
      try {
        const error = await thrownBy(() => records.set("key", put("2")), SessionStoreError);
        expect(String(error.cause)).toContain("READONLY");
        await records.set("key", put("3"));
        expect(await records.get("key")).toBe("3");
      } finally {
        await first().command("REPLICAOF", "NO", "ONE");
      }
    });

    it("that is lost without a word is connected to again after one timeout", async () => {
      const records = recordsOf(newStore(proxy.url), 1000);
      await records.set("key", put("1"));
      proxy.freeze();
      const lost = await thrownBy(() => records.get("key"), SessionStoreError);
      expect(lost.code).toBe("ERR_SESSION_STORE_TIMEOUT");
      expect(await records.get("key")).toBe("1");
    });

    it("that accepts a connection and says nothing is connected to again as well", async () => {
      proxy.isSilent = true;
      const records = recordsOf(newStore(proxy.url), 1000);
      const lost = await thrownBy(() => records.get("key"), SessionStoreError);
      expect(lost.code).toBe("ERR_SESSION_STORE_TIMEOUT");
      proxy.isSilent = false;
      await records.set("key", put("1"));
      expect(await records.get("key")).toBe("1");
    });

    it.each(storeFaultContract)("that is killed: $name", ({ check }) =>
      check(newStore(first().url), { begin: () => first().kill(), end: () => first().start() }),
    );

    it("that dies in between ends no process, and is used again when it is back", async () => {
      const records = recordsOf(newStore(first().url));
      await records.set("key", put("1"));
      await first().kill();
      const error = await thrownBy(() => records.get("key"), SessionStoreError);
      expect(String(error.cause)).toMatch(/Socket closed|ECONNREFUSED/);
      await first().start();
      expect(await records.get("key")).toBe("1");
    });
  });

  it("fails all that wait for an answer when a connection is dropped, and does none of it later", async () => {
    const store = withoutKeyv(logged(new KeyvRedis(proxy.url)));
    await store.set("early", "1", TTL);
    proxy.freeze();
    const waiting = [store.set("late", "1", TTL), store.get("early")];
    store.reconnect?.();
    for (const { status } of await Promise.allSettled(waiting)) expect(status).toBe("rejected");
    expect(await store.get("late")).toBeNull();
  });

  it("leaves the adapter's own connection to the app", async () => {
    const adapter = logged(new KeyvRedis(proxy.url));
    await adapter.set("app", "1");
    const store = withoutKeyv(adapter);
    await store.set("session", "1", TTL);
    store.reconnect?.();
    expect(await adapter.get("app")).toBe("1");
    await adapter.disconnect(true);
    expect(await store.get("session")).toBe("1");
  });

  it("keeps no process running that has nothing else to do", async () => {
    const sockets = () =>
      process.getActiveResourcesInfo().filter((name) => name === "TCPSocketWrap").length;
    await expect.poll(sockets).toBe(0);
    const store = withoutKeyv(logged(new KeyvRedis(first().url)));
    await store.set("key", "1", TTL);
    await expect.poll(sockets).toBe(0);
    const reading = store.get("key");
    expect(sockets()).toBe(1);
    expect(await reading).toBe("1");
    await expect.poll(sockets).toBe(0);
  });
});
