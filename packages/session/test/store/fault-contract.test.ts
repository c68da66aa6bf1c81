import { describe, expect, it } from "vitest";
import { storeFaultContract } from "../../src/store/fault-contract.ts";
import type { StoreFault } from "../../src/store/requirement.ts";
import { AtomicMemoryStore, type MemoryStore, STORES } from "../support/memory-store.ts";

/** Makes every operation of a store in memory fail. */
function faultOf(store: MemoryStore): StoreFault {
  return {
    begin() {
      store.before = () => Promise.reject(new Error("connection refused"));
    },
    end() {
      store.before = () => {};
    },
  };
}

describe.each(STORES)("a store in memory %s that fails", (_which, Store) => {
  it.each(storeFaultContract)("$name", ({ check }) => {
    const store = new Store();
    return check(store, faultOf(store));
  });
});

async function faultFailuresOf(store: MemoryStore): Promise<string[]> {
  const failures: string[] = [];
  for (const { name, check } of storeFaultContract) {
    await check(store, faultOf(store)).catch(({ message }) => failures.push(`${name}: ${message}`));
  }
  return failures;
}

describe("a store is found out that hides an error", () => {
  it.each<[string, MemoryStore, string]>([
    [
      "of get(), by answering that there is nothing",
      new (class extends AtomicMemoryStore {
        override get = (key: string) => super.get(key).catch(() => undefined);
      })(),
      "get() did not throw",
    ],
    [
      "of set()",
      new (class extends AtomicMemoryStore {
        override set = (key: string, value: string, ttl: number) =>
          super.set(key, value, ttl).catch(() => {});
      })(),
      "set() did not throw",
    ],
    [
      "of delete()",
      new (class extends AtomicMemoryStore {
        override delete = (key: string) => super.delete(key).catch(() => {});
      })(),
      "delete() did not throw",
    ],
    [
      "of compareAndSet(), by answering that the value was another",
      new (class extends AtomicMemoryStore {
        override compareAndSet = (...given: Parameters<AtomicMemoryStore["compareAndSet"]>) =>
          super.compareAndSet(...given).catch(() => false);
      })(),
      "compareAndSet() did not throw",
    ],
  ])("%s", async (_what, store, failure) => {
    expect(await faultFailuresOf(store)).toEqual([
      `an operation that fails throws, and answers nothing: ${failure}`,
    ]);
  });

  it("after it has lost what it held", async () => {
    const store = new AtomicMemoryStore();
    const fault = { begin: faultOf(store).begin, end: () => store.entries.clear() };
    const [, { check } = { check: async () => {} }] = storeFaultContract;
    await expect(check(store, fault)).rejects.toThrow();
  });
});
