import {
  equal,
  faulty,
  freshKey,
  LONG_TTL,
  read,
  type StoreFault,
  type StoreFaultRequirement,
} from "./requirement.ts";
import type { SessionStore } from "./store.ts";

/**
 * What a store must do when what it keeps its values in fails, such as a database that is down. A store
 * that hides its errors would log everybody out.
 *
 * @example
 * const fault = { begin: () => database.stop(), end: () => database.start() };
 * for (const { name, check } of storeFaultContract) it(name, () => check(store, fault));
 */
export const storeFaultContract: readonly StoreFaultRequirement[] = [
  faulty("an operation that fails throws, and answers nothing", async (store, fault) => {
    const key = freshKey();
    await store.set(key, "[1,{}]", LONG_TTL);
    const operations: [string, () => unknown][] = [
      ["get", () => store.get(key)],
      ["set", () => set(store, key, "[2,{}]")],
      ["delete", () => store.delete(key)],
    ];
    if (store.compareAndSet) {
      const swap = () => store.compareAndSet?.(key, "[1,{}]", "[2,{}]", LONG_TTL);
      operations.push(["compareAndSet", swap]);
    }
    await during(fault, async () => {
      for (const [name, operation] of operations) {
        const hasThrown = await settled(operation);
        if (!hasThrown) throw new Error(`${name}() did not throw`);
      }
    });
  }),

  faulty("what was stored before a failure is there after it", async (store, fault) => {
    const key = freshKey();
    await store.set(key, "[1,{}]", LONG_TTL);
    await during(fault, () => settled(() => store.get(key)));
    equal(await read(store, key), "[1,{}]");
  }),
];

async function during(fault: StoreFault, act: () => Promise<unknown>): Promise<void> {
  await fault.begin();
  try {
    await act();
  } finally {
    await fault.end();
  }
}

/** Has it thrown or rejected? */
async function settled(act: () => unknown): Promise<boolean> {
  try {
    await act();
    return false;
  } catch {
    return true;
  }
}

/** To answer `false` is to fail, as the port has it. */
async function set(store: SessionStore, key: string, value: string): Promise<void> {
  if ((await store.set(key, value, LONG_TTL)) === false) throw new Error("set() answered false");
}
