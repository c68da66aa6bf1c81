import { describe, expect, it } from "vitest";
import { SessionStoreError } from "../../src/errors/errors.ts";
import { RecordStore, type SessionStore } from "../../src/store/store.ts";
import { AtomicMemoryStore, MemoryStore, STORES } from "../support/memory-store.ts";
import { thrownBy } from "../support/thrown.ts";

const never = () => new Promise<never>(() => {});
const pause = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

const TTL = 60_000;
const TIMEOUT = 80;

/** Longer than any delay of a busy machine. */
const AMPLE = 30_000;

/** A decision to put this value, and to answer that it was put. */
const put = (value: string, isFinal = false) => ({
  outcome: true,
  put: { value, ttl: TTL, isFinal },
});

const operations: [string, (records: RecordStore) => Promise<unknown>][] = [
  ["get", (records) => records.get("key")],
  ["set", (records) => records.set("key", { value: "value", ttl: TTL })],
];

describe("a store that fails", () => {
  it.each(operations)(
    "at %s is a SessionStoreError with its own error as cause",
    async (name, act) => {
      const store = new MemoryStore();
      const cause = new Error("connection refused");
      store.before = () => Promise.reject(cause);
      const error = await thrownBy(() => act(new RecordStore(store, AMPLE)), SessionStoreError);
      expect(error).toMatchObject({ code: "ERR_SESSION_STORE", cause });
      expect(error.message).toContain(`failed at ${name}()`);
    },
  );

  it("at once, without a promise, is one too", async () => {
    const cause = new Error("database is locked");
    const store: SessionStore = {
      get() {
        throw cause;
      },
      set: () => false,
      delete: () => {},
    };
    const records = new RecordStore(store, AMPLE);
    await expect(records.get("key")).rejects.toMatchObject({ code: "ERR_SESSION_STORE", cause });
    await expect(records.set("key", { value: "value", ttl: TTL })).rejects.toMatchObject({
      code: "ERR_SESSION_STORE",
      cause: expect.objectContaining({ message: "set() answered false" }),
    });
  });

  it("is one that gives something else than text", async () => {
    const store: SessionStore = { get: () => ({ value: 1 }), set: () => {}, delete: () => {} };
    await expect(new RecordStore(store, AMPLE).get("key")).rejects.toMatchObject({
      cause: expect.objectContaining({ message: "get() gave object, where it was given a string" }),
    });
  });

  it("has lost nothing when it is back", async () => {
    const store = new AtomicMemoryStore();
    const records = new RecordStore(store, AMPLE);
    await records.set("key", { value: "1", ttl: TTL });
    store.before = () => Promise.reject(new Error("down"));
    const change = () => put("2");
    await thrownBy(() => records.update("key", "1", change), SessionStoreError);
    store.before = () => {};
    expect(await records.get("key")).toBe("1");
    expect(await records.update("key", "1", change)).toBe(true);
    expect(await records.get("key")).toBe("2");
  });
});

describe("a store that hangs", () => {
  it.each(operations)("at %s is waited for no longer than storeTimeout", async (name, act) => {
    const store = new MemoryStore();
    store.before = never;
    const started = performance.now();
    const error = await thrownBy(() => act(new RecordStore(store, TIMEOUT)), SessionStoreError);
    expect(performance.now() - started).toBeGreaterThanOrEqual(TIMEOUT - 5);
    expect(performance.now() - started).toBeLessThan(TIMEOUT + 500);
    expect(error.code).toBe("ERR_SESSION_STORE_TIMEOUT");
    expect(error.message).toBe(
      `The session store did not answer within 0.08 seconds, last at ${name}(). See that it can be reached and keeps up; the option \`storeTimeout\` says how long to wait.`,
    );
  });

  it("keeps those who wait behind each other no longer, and asks nothing for them any more", async () => {
    const store = new MemoryStore();
    const records = new RecordStore(store, TIMEOUT);
    await records.set("key", { value: "0", ttl: TTL });
    store.calls.length = 0;
    store.before = never;
    const started = performance.now();
    const saves = Array.from({ length: 20 }, () => records.update("key", "0", () => put("1")));
    for (const save of await Promise.allSettled(saves)) {
      expect(save).toMatchObject({ reason: { code: "ERR_SESSION_STORE_TIMEOUT" } });
    }
    expect(performance.now() - started).toBeLessThan(TIMEOUT + 500);
    expect(store.calls.length).toBeLessThanOrEqual(2);

    store.before = () => {};
    expect(await records.update("key", "0", () => put("1"))).toBe(true);
    expect(await records.get("key")).toBe("1");
  });

  it("and fails when nobody waits any more disturbs nobody", async () => {
    const store = new MemoryStore();
    store.before = async () => {
      await pause(2 * TIMEOUT);
      throw new Error("too late");
    };
    await thrownBy(() => new RecordStore(store, TIMEOUT).get("key"), SessionStoreError);
    await pause(2 * TIMEOUT);
  });
});

describe.each(STORES)("updates of one record in a store %s", (_which, Store) => {
  it("build on each other, however many there are at once", async () => {
    const store = new Store();
    store.before = () => pause(Math.random() * 2);
    const records = new RecordStore(store, 20_000);
    await records.set("key", { value: "", ttl: TTL });
    const letters = Array.from("abcdefghijklmnopqrstuvwxyz");
    const updates = letters.map((letter) =>
      records.update("key", "", (current) => put(current + letter)),
    );
    expect(new Set(await Promise.all(updates))).toEqual(new Set([true]));
    expect(await records.get("key")).toBe(letters.join(""));
  });

  it("leave a record deleted that is deleted", async () => {
    const store = new Store();
    const records = new RecordStore(store, TIMEOUT);
    const update = () => records.update("key", "old", () => put("new"));
    expect(await update()).toBeUndefined();
    await records.set("key", { value: "old", ttl: TTL });
    const [, updated] = await Promise.all([store.delete("key"), update()]);
    expect(updated).toBeUndefined();
    expect(store.entries.size).toBe(0);
  });

  it("leave it as it is where nothing is to be put", async () => {
    const store = new Store();
    const records = new RecordStore(store, TIMEOUT);
    await records.set("key", { value: "old", ttl: TTL });
    expect(await records.update("key", "old", (current) => ({ outcome: current }))).toBe("old");
    expect(await records.get("key")).toBe("old");
  });
});

describe("updates of one record by several processes", () => {
  it("build on each other where the store has compareAndSet", async () => {
    const store = new AtomicMemoryStore();
    await store.set("key", "", TTL);
    // What another process does comes between our reading and our writing.
    const others = Array.from("123456789");
    store.before = async (operation) => {
      const other = operation === "compareAndSet" ? others.shift() : undefined;
      if (other === undefined) return;
      const entry = store.entries.get("key");
      if (entry) entry.value += other;
    };
    const records = new RecordStore(store, AMPLE);
    await records.update("key", "", (current) => put(`${current}a`));
    expect(await records.get("key")).toBe("123456789a");
  });

  it("are given up in time where the others never rest", async () => {
    const store = new AtomicMemoryStore();
    await store.set("key", "", TTL);
    store.before = async (operation) => {
      await pause(1);
      const entry = store.entries.get("key");
      if (operation === "compareAndSet" && entry) entry.value += "x";
    };
    await expect(
      new RecordStore(store, TIMEOUT).update("key", "", () => put("mine")),
    ).rejects.toMatchObject({ code: "ERR_SESSION_STORE_TIMEOUT" });
  });

  it("cost one call where nobody came between", async () => {
    const store = new AtomicMemoryStore();
    await store.set("key", "old", TTL);
    store.calls.length = 0;
    await new RecordStore(store, TIMEOUT).update("key", "old", () => put("new"));
    expect(store.calls).toEqual(["compareAndSet"]);
  });
});
