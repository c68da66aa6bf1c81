import { type RedisClient, redisStore } from "./redis.ts";
import type { SessionStore } from "./store.ts";

/*
 * Keyv and its adapters are recognized by their methods, because this package depends on none of them.
 */

interface Keyv extends SessionStore {
  readonly store: unknown;
  readonly namespace?: string | undefined;
  /** Keyv 5 has it, and puts the namespace before the key once more than its adapter does. */
  readonly useKeyPrefix?: boolean;
  readonly compression?: unknown;
  readonly encryption?: unknown;
  emit(event: string, ...given: unknown[]): unknown;
}

/** The adapter of `@keyv/redis`. */
interface KeyvRedis {
  readonly namespace?: string | undefined;
  readonly client: RedisClient;
  createKeyPrefix(key: string, namespace?: string): string;
}

/** The store as it is to be used: a Keyv that reports its failures, and Redis with atomic changes. */
export function withoutKeyv(store: SessionStore): SessionStore {
  if (isKeyvRedis(store)) return overRedis(store);
  if (!isKeyv(store)) return store;
  // What encrypts or compresses must see every value, and a script in Redis cannot compare those.
  const adapter = [store.store, bridged(store.store)].find(isKeyvRedis);
  if (adapter && !store.compression && !store.encryption) {
    const prefix = store.useKeyPrefix && store.namespace ? `${store.namespace}:` : "";
    return overRedis(adapter, prefix);
  }
  return candid(store);
}

/** By a client: the adapter answers a failed `get` with `undefined`, as if all were well. */
function overRedis(adapter: KeyvRedis, prefix = ""): SessionStore {
  const keyOf = (key: string) => adapter.createKeyPrefix(prefix + key, adapter.namespace);
  return redisStore(() => adapter.client, keyOf);
}

/**
 * Keyv answers a failed `get` with `undefined`, unless `throwOnErrors` is set (5) or nobody listens
 * to its errors (6): a store that is down would read as sessions that are gone, and log everybody
 * out. So each call has a Keyv of its own, with the user's as prototype, which notes what it emits.
 */
function candid(keyv: Keyv): SessionStore {
  tellOfFailures(keyv.store);
  const ask = async (call: (own: Keyv) => unknown) => {
    let failure: { error: unknown } | undefined;
    const own: Keyv = Object.create(keyv, {
      throwOnErrors: { value: true },
      _throwOnErrors: { value: true },
      emit: {
        value(event: string, ...given: unknown[]) {
          if (event === "error") failure ??= { error: given[0] };
          else keyv.emit(event, ...given);
        },
      },
    });
    const answer = await call(own);
    if (failure) throw failure.error;
    return answer;
  };
  return {
    get: (key) => ask((own) => own.get(key)),
    set: (key, value, ttl) => ask((own) => own.set(key, value, ttl)),
    delete: (key) => ask((own) => own.delete(key)),
  };
}

/** Some adapters have a switch of their own for it. */
function tellOfFailures(adapter: unknown): void {
  const silent = adapter as { throwOnErrors?: boolean } | null | undefined;
  if (silent?.throwOnErrors === false) silent.throwOnErrors = true;
}

/** Keyv 6 puts a bridge before an adapter that was made for Keyv 5. */
function bridged(adapter: unknown): unknown {
  return (adapter as { store?: unknown } | null | undefined)?.store;
}

function isKeyv(store: SessionStore): store is Keyv {
  const { getMany, emit } = store as unknown as Record<string, unknown>;
  return "store" in store && typeof getMany === "function" && typeof emit === "function";
}

function isKeyvRedis(store: unknown): store is KeyvRedis {
  const { client, createKeyPrefix } = (store ?? {}) as Record<string, unknown>;
  return (
    typeof createKeyPrefix === "function" &&
    typeof (client as Partial<RedisClient> | undefined)?.eval === "function"
  );
}
