import {
  atomic,
  equal,
  freshKey,
  LONG_TTL,
  pause,
  read,
  requirement,
  SHORT_TTL,
  type StoreRequirement,
} from "./requirement.ts";
import type { AtomicSessionStore } from "./store.ts";

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

  atomic("compareAndSet finds nothing when the value's time is over", async (store) => {
    const [replaced, removed] = [freshKey(), freshKey()];
    await store.set(replaced, "[1,{}]", SHORT_TTL);
    await store.set(removed, "[1,{}]", SHORT_TTL);
    await pause(SHORT_TTL + 200);
    equal(await store.compareAndSet(replaced, "[1,{}]", "[2,{}]", LONG_TTL), false);
    equal(await store.compareAndSet(removed, "[1,{}]", undefined, LONG_TTL), false);
    equal(await read(store, replaced), undefined);
  }),

  atomic(
    "compareAndSet compares every character: its case, its Unicode form and a last space",
    async (store) => {
      const value = '[1,{"name":"Zo\u00eb"}]';
      for (const other of [value.toLowerCase(), value.normalize("NFD"), `${value} `]) {
        const key = freshKey();
        await store.set(key, value, LONG_TTL);
        equal(await store.compareAndSet(key, other, "[2,{}]", LONG_TTL), false);
        equal(await store.compareAndSet(key, other, undefined, LONG_TTL), false);
        equal(await read(store, key), value);
      }
    },
  ),

  atomic("of fifty at once that expect one value, one compareAndSet succeeds", (store) =>
    oneSucceeds(store, (index) => `[${index},{}]`),
  ),

  atomic("of fifty at once that replace or remove one value, one compareAndSet succeeds", (store) =>
    oneSucceeds(store, (index) => (index % 2 === 0 ? `[${index},{}]` : undefined)),
  ),
];

/** Fifty calls at once that expect the same value, each with a new one by its number from 1 on. */
async function oneSucceeds(
  store: AtomicSessionStore,
  newValue: (index: number) => string | undefined,
): Promise<void> {
  const key = freshKey();
  await store.set(key, "[0,{}]", LONG_TTL);
  const values = Array.from({ length: 50 }, (_, index) => newValue(index + 1));
  const swaps = values.map(async (value) => store.compareAndSet(key, "[0,{}]", value, LONG_TTL));
  const succeeded = (await Promise.all(swaps)).flatMap((done, at) => (done ? [values[at]] : []));
  equal(succeeded.length, 1);
  equal(await read(store, key), succeeded[0]);
}
