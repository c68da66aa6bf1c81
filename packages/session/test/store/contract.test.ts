import { describe, expect, it } from "vitest";
import { atomicStoreContract, storeContract } from "../../src/store/contract.ts";
import { groupStoreContract } from "../../src/store/group-contract.ts";
import type { SessionStore } from "../../src/store/store.ts";
import { AtomicMemoryStore, GroupedMemoryStore, MemoryStore } from "../support/memory-store.ts";

describe("a store in memory, as the other tests use it", () => {
  for (const { name, check } of storeContract) it.concurrent(name, () => check(new MemoryStore()));
});

describe("the same with compareAndSet", () => {
  for (const { name, check } of [...storeContract, ...atomicStoreContract]) {
    it.concurrent(name, () => check(new AtomicMemoryStore()));
  }
});

describe("the same with groups", () => {
  for (const { name, check } of [...storeContract, ...atomicStoreContract, ...groupStoreContract]) {
    it.concurrent(name, () => check(new GroupedMemoryStore()));
  }
});

async function failuresOf(store: SessionStore): Promise<string[]> {
  const contract = [...storeContract, ...atomicStoreContract, ...groupStoreContract];
  const checks = contract.map(async ({ name, check }) => {
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
      "does not distinguish upper from lower case",
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
    [
      "lists a member twice",
      new (class extends GroupedMemoryStore {
        override async membersOf(group: string) {
          const members = await super.membersOf(group);
          return [...members, ...members];
        }
      })(),
      ["a group has the members that were added, each once"],
    ],
    [
      "never forgets a member",
      new (class extends GroupedMemoryStore {
        override addMember(group: string, member: string) {
          return super.addMember(group, member, 60_000);
        }
      })(),
      [
        "a group is empty when the time of all its members is over",
        "a member is gone when its time, in milliseconds, is over",
        "a member that is added again has its time from then on",
      ],
    ],
    [
      "lets a member's first time stand",
      new (class extends GroupedMemoryStore {
        override async addMember(group: string, member: string, ttl: number) {
          if (!this.groups.get(group)?.has(member)) await super.addMember(group, member, ttl);
        }
      })(),
      ["a member that is added again has its time from then on"],
    ],
    [
      "gives all members the time of the last one",
      new (class extends GroupedMemoryStore {
        override async addMember(group: string, member: string, ttl: number) {
          await super.addMember(group, member, ttl);
          for (const other of this.groups.get(group)?.keys() ?? []) {
            await super.addMember(group, other, ttl);
          }
        }
      })(),
      ["a member is gone when its time, in milliseconds, is over"],
    ],
    [
      "removes a group with its first member",
      new (class extends GroupedMemoryStore {
        override async removeMember(group: string) {
          this.groups.delete(group);
        }
      })(),
      [
        "a member that was removed is gone, and the others stay",
        "to remove what is no member is no error",
      ],
    ],
    [
      "compares before it has waited, but only to remove",
      new (class extends AtomicMemoryStore {
        override async compareAndSet(
          key: string,
          expected: string,
          value: string | undefined,
          ttl: number,
        ) {
          if (value !== undefined) return super.compareAndSet(key, expected, value, ttl);
          if ((await this.get(key)) !== expected) return false;
          await this.delete(key);
          return true;
        }
      })(),
      ["of fifty at once that replace or remove one value, one compareAndSet succeeds"],
    ],
    ...["toLowerCase", "trimEnd", "normalize"].map(
      (fold) =>
        [
          `compares values after ${fold}()`,
          new (class extends AtomicMemoryStore {
            override async compareAndSet(
              key: string,
              expected: string,
              value: string | undefined,
              ttl: number,
            ) {
              const folded = (text: string | undefined) =>
                text?.[fold as "toLowerCase" | "trimEnd" | "normalize"]();
              const found = this.alive(key)?.value;
              if (found === undefined || folded(found) !== folded(expected)) return false;
              return super.compareAndSet(key, found, value, ttl);
            }
          })(),
          ["compareAndSet compares every character: its case, its Unicode form and a last space"],
        ] as [string, SessionStore, string[]],
    ),
    [
      "compares with what has expired",
      new (class extends AtomicMemoryStore {
        override async compareAndSet(
          key: string,
          expected: string,
          value: string | undefined,
          ttl: number,
        ) {
          const entry = this.entries.get(key);
          if (entry) entry.expires = Number.POSITIVE_INFINITY;
          return super.compareAndSet(key, expected, value, ttl);
        }
      })(),
      ["compareAndSet finds nothing when the value's time is over"],
    ],
  ])("%s", async (_what, store, failures) => {
    expect(await failuresOf(store)).toEqual(expect.arrayContaining(failures));
  });
});
