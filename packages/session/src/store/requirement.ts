import type { Awaitable } from "../runtime/awaitable.ts";
import { withoutKeyv } from "./keyv.ts";
import type { AtomicSessionStore, SessionStore } from "./store.ts";

/** Long enough for a store's answers, short enough for a test, in milliseconds. */
export const SHORT_TTL = 400;
/** A `idleTimeout` of 31 days in milliseconds: more than a timer can count, which is 2^31 - 1. */
export const LONG_TTL = 2_678_400_000;

/** One thing that a store must do, as a sentence, and a check that rejects where it does not. */
export interface StoreRequirement {
  readonly name: string;
  check(store: SessionStore): Promise<void>;
}

/** Takes what a store keeps its values in away from it, and gives it back. */
export interface StoreFault {
  begin(): Awaitable<unknown>;
  end(): Awaitable<unknown>;
}

/** One thing that a store must do when what it keeps its values in fails. */
export interface StoreFaultRequirement {
  readonly name: string;
  check(store: SessionStore, fault: StoreFault): Promise<void>;
}

export function requirement(
  name: string,
  check: (store: SessionStore) => Promise<void>,
): StoreRequirement {
  return { name, check: (store) => check(withoutKeyv(store)) };
}

export function atomic(
  name: string,
  check: (store: AtomicSessionStore) => Promise<void>,
): StoreRequirement {
  return requirement(name, async (store) => {
    if (!store.compareAndSet) throw new Error("the store has no compareAndSet");
    await check(store as AtomicSessionStore);
  });
}

export function faulty(name: string, check: StoreFaultRequirement["check"]): StoreFaultRequirement {
  return { name, check: (store, fault) => check(withoutKeyv(store), fault) };
}

export async function read(store: SessionStore, key: string): Promise<unknown> {
  return (await store.get(key)) ?? undefined;
}

export function freshKey(): string {
  return `contract:${crypto.randomUUID()}`;
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

export function equal(found: unknown, expected: unknown): void {
  if (found === expected) return;
  const shown = (value: unknown) => String(value).slice(0, 80);
  throw new Error(`expected ${shown(expected)}, and found ${shown(found)}`);
}
