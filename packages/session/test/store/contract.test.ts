import { describe, expect, it } from "vitest";
import { atomicStoreContract, storeContract } from "../../src/store/contract.ts";
import type { SessionStore } from "../../src/store/store.ts";
import { AtomicMemoryStore, MemoryStore } from "../support/memory-store.ts";

describe("a store in memory, as the other tests use it", () => {
  for (const { name, check } of storeContract) it.concurrent(name, () => check(new MemoryStore()));
});

describe("the same with compareAndSet", () => {
  for (const { name, check } of [...storeContract, ...atomicStoreContract]) {
    it.concurrent(name, () => check(new AtomicMemoryStore()));
  }
});

async function failuresOf(store: SessionStore): Promise<string[]> {
  const checks = [...storeContract, ...atomicStoreContract].map(async ({ name, check }) => {
    const passed = await check(store).then(
      () => true,
      () => false,
    );
    return passed ? [] : [name];
  });
  return (await Promise.all(checks)).flat().sort();
}

const withoutAtomicity = atomicStoreContract.map(({ name }) => name);

describe("a store is found out that", () => {
  it.each<[string, SessionStore, string[]]>([
    [
      "never forgets",
      new Map<string, string>() as SessionStore,
      ["a value is gone when its time, in milliseconds, is over", ...withoutAtomicity],
    ],
    [
      "takes seconds for milliseconds",
      new (class extends MemoryStore {
        override set(key: string, value: string, ttl: number) {
          return super.set(key, value, ttl * 1000);
        }
      })(),
      ["a value is gone when its time, in milliseconds, is over", ...withoutAtomicity],
    ],
    [
      "counts with a timer of 31 bits",
      new (class extends MemoryStore {
        override set(key: string, value: string, ttl: number) {
          return super.set(key, value, ttl > 2 ** 31 - 1 ? 1 : ttl);
        }
      })(),
      ["a value set for 31 days is still there a moment later"],
    ],
    [
      "does not tell upper from lower case",
      new (class extends MemoryStore {
        override get = (key: string) => super.get(key.toLowerCase());
        override set = (key: string, value: string, ttl: number) =>
          super.set(key.toLowerCase(), value, ttl);
      })(),
      ["keys differ by their case and by their last character"],
    ],
    [
      "cuts off what is long",
      new (class extends MemoryStore {
        override set(key: string, value: string, ttl: number) {
          return super.set(key, value.slice(0, 65_535), ttl);
        }
      })(),
      ["a value is given back exactly, however long and whatever is in it"],
    ],
    [
      "compares before it has waited",
      new (class extends AtomicMemoryStore {
        override async compareAndSet(
          key: string,
          expected: string,
          value: string | undefined,
          ttl: number,
        ) {
          if ((await this.get(key)) !== expected) return false;
          await (value === undefined ? this.delete(key) : this.set(key, value, ttl));
          return true;
        }
      })(),
      ["of fifty at once that expect one value, one compareAndSet succeeds"],
    ],
    [
      "sets what is not there",
      new (class extends AtomicMemoryStore {
        override async compareAndSet(
          key: string,
          expected: string,
          value: string | undefined,
          ttl: number,
        ) {
          if (!this.entries.has(key)) await this.set(key, expected, ttl);
          return super.compareAndSet(key, expected, value, ttl);
        }
      })(),
      ["compareAndSet sets nothing where there is nothing"],
    ],
  ])("%s", async (_what, store, failures) => {
    expect(await failuresOf(store)).toEqual(expect.arrayContaining(failures));
  });
});
