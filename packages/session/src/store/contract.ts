import { withoutKeyv } from "./keyv.ts";
import {
  type AtomicSessionStore,
  type GroupSessionStore,
  hasGroups,
  type SessionStore,
} from "./store.ts";

/** One thing that a store must do, as a sentence, and a check that rejects where it does not. */
export interface StoreRequirement {
  readonly name: string;
  check(store: SessionStore): Promise<void>;
}

/** Long enough for a store's answers, short enough for a test, in milliseconds. */
const SHORT_TTL = 400;
/** A `permanentLifetime` of 31 days in milliseconds: more than a timer can count, which is 2^31 - 1. */
const LONG_TTL = 2_678_400_000;

/** As long as a session's record may well be, and with all that JSON text can hold. */
const ANY_TEXT = `[1700000000,{"quote":"\\"'\\\\","lines":"\\n\\u0000","text":"Grüße 🍍 ${"x".repeat(100_000)}"}]`;

/**
 * What a store must do for sessions to be kept in it, to run in the tests of your own store with any
 * test framework. The keys that they write begin with `contract:`.
 *
 * @example
 * describe("my store", () => {
 *   for (const { name, check } of storeContract) it(name, () => check(new MyStore()));
 * });
 */
export const storeContract: readonly StoreRequirement[] = [
  requirement("a key that was never set has no value", async (store) => {
    equal(await read(store, freshKey()), undefined);
  }),

  requirement(
    "a value is given back exactly, however long and whatever is in it",
    async (store) => {
      const key = freshKey();
      await store.set(key, ANY_TEXT, LONG_TTL);
      equal(await read(store, key), ANY_TEXT);
    },
  ),

  requirement("a value that is set again replaces the one before", async (store) => {
    const key = freshKey();
    await store.set(key, "[1,{}]", LONG_TTL);
    await store.set(key, "[2,{}]", LONG_TTL);
    equal(await read(store, key), "[2,{}]");
  }),

  requirement("a key has no value any more when it was deleted", async (store) => {
    const key = freshKey();
    await store.set(key, "[1,{}]", LONG_TTL);
    await store.delete(key);
    equal(await read(store, key), undefined);
  }),

  requirement("to delete what is not there is no error", async (store) => {
    await store.delete(freshKey());
  }),

  requirement("keys differ by their case and by their last character", async (store) => {
    const key = freshKey();
    const keys = [`${key}a`, `${key}A`, `${key}-`, `${key}_`];
    for (const each of keys) await store.set(each, each, LONG_TTL);
    for (const each of keys) equal(await read(store, each), each);
  }),

  requirement("a value set for 31 days is still there a moment later", async (store) => {
    const key = freshKey();
    await store.set(key, "[1,{}]", LONG_TTL);
    await pause(50);
    equal(await read(store, key), "[1,{}]");
  }),

  requirement("a value is gone when its time, in milliseconds, is over", async (store) => {
    const key = freshKey();
    await store.set(key, "[1,{}]", SHORT_TTL);
    equal(await read(store, key), "[1,{}]");
    await pause(SHORT_TTL + 200);
    equal(await read(store, key), undefined);
  }),

  requirement("a value that is set again has its time from then on", async (store) => {
    const key = freshKey();
    await store.set(key, "[1,{}]", SHORT_TTL);
    await store.set(key, "[2,{}]", LONG_TTL);
    await pause(SHORT_TTL + 200);
    equal(await read(store, key), "[2,{}]");
  }),

  requirement("a hundred values set at once are all there", async (store) => {
    const keys = Array.from({ length: 100 }, freshKey);
    await Promise.all(keys.map(async (key) => store.set(key, key, LONG_TTL)));
    for (const key of keys) equal(await read(store, key), key);
  }),
];

/** What a store must do besides, which several processes may write to at once. */
export const atomicStoreContract: readonly StoreRequirement[] = [
  atomic("compareAndSet replaces the expected value", async (store) => {
    const key = freshKey();
    await store.set(key, ANY_TEXT, LONG_TTL);
    equal(await store.compareAndSet(key, ANY_TEXT, "[2,{}]", LONG_TTL), true);
    equal(await read(store, key), "[2,{}]");
  }),

  atomic("compareAndSet leaves any other value as it is", async (store) => {
    const key = freshKey();
    await store.set(key, "[1,{}]", LONG_TTL);
    equal(await store.compareAndSet(key, "[2,{}]", "[3,{}]", LONG_TTL), false);
    equal(await store.compareAndSet(key, "[2,{}]", undefined, LONG_TTL), false);
    equal(await read(store, key), "[1,{}]");
  }),

  atomic("compareAndSet sets nothing where there is nothing", async (store) => {
    const key = freshKey();
    equal(await store.compareAndSet(key, "[1,{}]", "[2,{}]", LONG_TTL), false);
    equal(await read(store, key), undefined);
  }),

  atomic("compareAndSet removes the value where it is given none", async (store) => {
    const key = freshKey();
    await store.set(key, "[1,{}]", LONG_TTL);
    equal(await store.compareAndSet(key, "[1,{}]", undefined, LONG_TTL), true);
    equal(await read(store, key), undefined);
  }),

  atomic("compareAndSet gives the value its time", async (store) => {
    const key = freshKey();
    await store.set(key, "[1,{}]", LONG_TTL);
    await store.compareAndSet(key, "[1,{}]", "[2,{}]", SHORT_TTL);
    await pause(SHORT_TTL + 200);
    equal(await read(store, key), undefined);
  }),

  atomic("of fifty at once that expect one value, one compareAndSet succeeds", async (store) => {
    const key = freshKey();
    await store.set(key, "[0,{}]", LONG_TTL);
    const values = Array.from({ length: 50 }, (_, index) => `[${index + 1},{}]`);
    const swaps = values.map(async (value) => store.compareAndSet(key, "[0,{}]", value, LONG_TTL));
    const succeeded = (await Promise.all(swaps)).flatMap((done, at) => (done ? [values[at]] : []));
    equal(succeeded.length, 1);
    equal(await read(store, key), succeeded[0]);
  }),
];

/** What a store must do besides for the option `userOf`. */
export const groupStoreContract: readonly StoreRequirement[] = [
  grouping("a group that nothing was added to has no members", async (store, group) => {
    equal(await members(store, group), "");
  }),

  grouping("a group has the members that were added, each once", async (store, group) => {
    for (const member of ["b", "a", "b"]) await store.addMember(group, member, LONG_TTL);
    equal(await members(store, group), "a,b");
  }),

  grouping("a member that was removed is gone, and the others stay", async (store, group) => {
    for (const member of ["a", "b"]) await store.addMember(group, member, LONG_TTL);
    await store.removeMember(group, "a");
    equal(await members(store, group), "b");
  }),

  grouping("to remove what is no member is no error", async (store, group) => {
    await store.removeMember(group, "a");
    await store.addMember(group, "b", LONG_TTL);
    await store.removeMember(group, "a");
    equal(await members(store, group), "b");
  }),

  grouping("a member is gone when its time, in milliseconds, is over", async (store, group) => {
    await store.addMember(group, "long", LONG_TTL);
    await store.addMember(group, "short", SHORT_TTL);
    equal(await members(store, group), "long,short");
    await pause(SHORT_TTL + 200);
    equal(await members(store, group), "long");
  }),

  grouping("a group is empty when the time of all its members is over", async (store, group) => {
    await store.addMember(group, "a", SHORT_TTL);
    await pause(SHORT_TTL + 200);
    equal(await members(store, group), "");
  }),

  grouping("a member that is added again has its time from then on", async (store, group) => {
    await store.addMember(group, "longer", SHORT_TTL);
    await store.addMember(group, "longer", LONG_TTL);
    await store.addMember(group, "shorter", LONG_TTL);
    await store.addMember(group, "shorter", SHORT_TTL);
    await pause(SHORT_TTL + 200);
    equal(await members(store, group), "longer");
  }),

  grouping("groups and members differ by their case", async (store, group) => {
    await store.addMember(`${group}a`, "x", LONG_TTL);
    await store.addMember(`${group}A`, "y", LONG_TTL);
    await store.addMember(`${group}A`, "Y", LONG_TTL);
    equal(await members(store, `${group}a`), "x");
    equal(await members(store, `${group}A`), "Y,y");
  }),

  grouping("a hundred members added at once are all there", async (store, group) => {
    const names = Array.from({ length: 100 }, (_, index) => `${index + 100}`);
    await Promise.all(names.map(async (name) => store.addMember(group, name, LONG_TTL)));
    equal(await members(store, group), names.join());
  }),
];

function requirement(
  name: string,
  check: (store: SessionStore) => Promise<void>,
): StoreRequirement {
  return { name, check: (store) => check(withoutKeyv(store)) };
}

function atomic(
  name: string,
  check: (store: AtomicSessionStore) => Promise<void>,
): StoreRequirement {
  return requirement(name, async (store) => {
    if (!store.compareAndSet) throw new Error("the store has no compareAndSet");
    await check(store as AtomicSessionStore);
  });
}

function grouping(
  name: string,
  check: (store: GroupSessionStore, group: string) => Promise<void>,
): StoreRequirement {
  return requirement(name, async (store) => {
    if (!hasGroups(store)) throw new Error("the store lacks addMember, removeMember or membersOf");
    await check(store, freshKey());
  });
}

async function read(store: SessionStore, key: string): Promise<unknown> {
  return (await store.get(key)) ?? undefined;
}

async function members(store: GroupSessionStore, group: string): Promise<string> {
  return [...(await store.membersOf(group))].sort().join();
}

function freshKey(): string {
  return `contract:${crypto.randomUUID()}`;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function equal(found: unknown, expected: unknown): void {
  if (found === expected) return;
  const shown = (value: unknown) => String(value).slice(0, 80);
  throw new Error(`expected ${shown(expected)}, and found ${shown(found)}`);
}
