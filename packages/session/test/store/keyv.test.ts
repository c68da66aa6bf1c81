import { Keyv, type KeyvStoreAdapter } from "keyv";
import { describe, expect, it } from "vitest";
import { storeContract } from "../../src/store/contract.ts";
import { storeFaultContract } from "../../src/store/fault-contract.ts";
import { withoutKeyv } from "../../src/store/keyv.ts";
import { MemoryStore } from "../support/memory-store.ts";

describe("a Keyv in memory", () => {
  for (const { name, check } of storeContract) it.concurrent(name, () => check(new Keyv()));

  it("with a namespace of its own is a store as well", async () => {
    const keyv = new Keyv({ namespace: "sessions" });
    await withoutKeyv(keyv).set("key", "value", 1000);
    expect(await keyv.get("key")).toBe("value");
  });
});

/** As a database's adapter for Keyv is: what it is asked fails when the database does. */
class Adapter implements KeyvStoreAdapter {
  opts = {};
  namespace?: string;
  broken: Error | undefined;
  readonly #entries = new Map<string, unknown>();

  async get<Value>(key: string) {
    this.#check();
    return this.#entries.get(key) as Value;
  }

  async set(key: string, value: unknown) {
    this.#check();
    this.#entries.set(key, value);
  }

  async delete(key: string) {
    this.#check();
    return this.#entries.delete(key);
  }

  async clear() {}

  on() {
    return this;
  }

  #check() {
    if (this.broken) throw this.broken;
  }
}

describe.each([
  ["as it comes", {}],
  ["set to throw", { throwOnErrors: true }],
])("a Keyv %s, whose database is down", (_which, options) => {
  it("fails, where Keyv would answer that there is nothing", async () => {
    const adapter = new Adapter();
    const keyv = new Keyv({ store: adapter, ...options });
    const heard: unknown[] = [];
    keyv.on("error", (error) => heard.push(error));
    const store = withoutKeyv(keyv);
    await store.set("key", "value", 1000);

    adapter.broken = new Error("connection refused");
    await expect(store.get("key")).rejects.toBe(adapter.broken);
    await expect(store.set("key", "value", 1000)).rejects.toBe(adapter.broken);
    await expect(store.delete("key")).rejects.toBe(adapter.broken);

    adapter.broken = undefined;
    expect(await store.get("key")).toBe("value");
  });

  it.each(storeFaultContract)("meets the contract: $name", ({ check }) => {
    const adapter = new Adapter();
    const begin = () => {
      adapter.broken = new Error("connection refused");
    };
    const end = () => {
      adapter.broken = undefined;
    };
    return check(new Keyv({ store: adapter, ...options }), { begin, end });
  });

  it("is otherwise left as the app has set it", () => {
    const keyv = new Keyv({ store: new Adapter(), ...options });
    const before = keyv.throwOnErrors;
    withoutKeyv(keyv).get("key");
    expect(keyv.throwOnErrors).toBe(before);
  });
});

describe("an adapter with its own switch for errors", () => {
  it("has it switched on", () => {
    const adapter = Object.assign(new Adapter(), { throwOnErrors: false });
    withoutKeyv(new Keyv({ store: adapter }));
    expect(adapter.throwOnErrors).toBe(true);
  });
});

/** The part of node-redis that is used, in memory, and the adapter of @keyv/redis around it. */
class RedisAdapter extends Adapter {
  readonly entries = new Map<string, string>();
  readonly client = {
    isOpen: true,
    get: async (key: string) => this.entries.get(key) ?? null,
    set: async (key: string, value: string, { PX }: { PX: number }) => {
      expect(Number.isInteger(PX)).toBe(true);
      this.entries.set(key, value);
    },
    del: async (key: string) => Number(this.entries.delete(key)),
    eval: async (_script: string, { keys, arguments: given }: Record<string, string[]>) => {
      const [key = "", [expected, value] = []] = [keys?.[0], given];
      if (this.entries.get(key) !== expected) return 0;
      if (value) this.entries.set(key, value);
      else this.entries.delete(key);
      return 1;
    },
  };

  createKeyPrefix(key: string, namespace?: string) {
    return namespace ? `${namespace}::${key}` : key;
  }
}

describe("Redis behind Keyv", () => {
  it.each([
    ["the adapter itself", (adapter: RedisAdapter) => adapter, "key"],
    ["a Keyv", (adapter: RedisAdapter) => new Keyv({ store: adapter }), "keyv::keyv:key"],
    [
      "a Keyv with a namespace",
      (adapter: RedisAdapter) => new Keyv({ store: adapter, namespace: "app" }),
      "app::app:key",
    ],
    [
      "a Keyv that leaves the namespace to its adapter",
      (adapter: RedisAdapter) =>
        new Keyv({ store: adapter, namespace: "app", useKeyPrefix: false }),
      "app::key",
    ],
  ])("is talked to directly, under the key that Keyv would use: %s", async (_which, given, key) => {
    const adapter = new RedisAdapter();
    const store = withoutKeyv(given(adapter));
    await store.set("key", "1", 1000);
    expect([...adapter.entries]).toEqual([[key, "1"]]);
    expect(await store.compareAndSet?.("key", "0", "2", 1000)).toBe(false);
    expect(await store.compareAndSet?.("key", "1", "2", 1000)).toBe(true);
    expect(await store.get("key")).toBe("2");
    expect(await store.compareAndSet?.("key", "2", undefined, 1000)).toBe(true);
    expect(await store.get("key")).toBeNull();
    await store.set("key", "3", 1000);
    await store.delete("key");
    expect(adapter.entries.size).toBe(0);
  });

  it("is left to a Keyv that compresses", async () => {
    const compression = { compress: async (text: string) => text };
    const keyv = new Keyv({ store: new RedisAdapter(), compression: compression as never });
    expect(withoutKeyv(keyv).compareAndSet).toBeUndefined();
  });
});

describe("a store that is no Keyv", () => {
  it("is used as it is", () => {
    const store = new MemoryStore();
    expect(withoutKeyv(store)).toBe(store);
  });
});
