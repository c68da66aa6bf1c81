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

/** The adapter of `@keyv/redis`, over the client of node-redis or its cluster. */
interface KeyvRedis {
  readonly namespace?: string | undefined;
  /** Connected, or on its way to be. */
  getClient(): Promise<RedisClient>;
  createKeyPrefix(key: string, namespace?: string): string;
}

interface RedisClient {
  get(key: string): Promise<unknown>;
  set(key: string, value: string, options: { PX: number }): Promise<unknown>;
  del(key: string): Promise<unknown>;
  eval(script: string, input: { keys: string[]; arguments: string[] }): Promise<unknown>;
}

/** The store as it is to be used: a Keyv that tells of its failures, and Redis with atomic changes. */
export function withoutKeyv(store: SessionStore): SessionStore {
  if (isKeyvRedis(store)) return redisStore(store);
  if (!isKeyv(store)) return store;
  // What encrypts or compresses must see every value, and a script in Redis cannot compare those.
  if (isKeyvRedis(store.store) && !store.compression && !store.encryption) {
    const prefix = store.useKeyPrefix && store.namespace ? `${store.namespace}:` : "";
    return redisStore(store.store, prefix);
  }
  return candid(store);
}

const COMPARE_AND_SET = `
if redis.call("GET", KEYS[1]) ~= ARGV[1] then return 0 end
if ARGV[2] == "" then redis.call("DEL", KEYS[1])
else redis.call("SET", KEYS[1], ARGV[2], "PX", ARGV[3]) end
return 1`;

// Redis' own clock, since those of several machines differ.
const NOW = `local time = redis.call("TIME")
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`;

/** The group's own time is that of its last member, so nothing is left of a group without members. */
const ADD_MEMBER = `${NOW}
redis.call("ZREMRANGEBYSCORE", KEYS[1], "-inf", now)
redis.call("ZADD", KEYS[1], now + ARGV[2], ARGV[1])
local last = redis.call("ZRANGE", KEYS[1], -1, -1, "WITHSCORES")
redis.call("PEXPIREAT", KEYS[1], last[2])`;

const REMOVE_MEMBER = `redis.call("ZREM", KEYS[1], ARGV[1])`;

const MEMBERS_OF = `${NOW}
return redis.call("ZRANGEBYSCORE", KEYS[1], "(" .. now, "+inf")`;

/** By the adapter's client: the adapter answers a failed `get` with `undefined`, as if all were well. */
function redisStore(adapter: KeyvRedis, prefix = ""): SessionStore {
  const keyOf = (key: string) => adapter.createKeyPrefix(prefix + key, adapter.namespace);
  let connecting: Promise<RedisClient> | undefined;
  // Awaited by all: who asks while the first is connecting is given a cluster without its nodes.
  const connected = () => {
    connecting ??= adapter.getClient().finally(() => {
      connecting = undefined;
    });
    return connecting;
  };
  return {
    get: async (key) => (await connected()).get(keyOf(key)),
    set: async (key, value, ttl) => (await connected()).set(keyOf(key), value, { PX: ttl }),
    delete: async (key) => (await connected()).del(keyOf(key)),
    async compareAndSet(key, expected, value = "", ttl) {
      const client = await connected();
      const input = { keys: [keyOf(key)], arguments: [expected, value, String(ttl)] };
      return (await client.eval(COMPARE_AND_SET, input)) === 1;
    },
    async addMember(group, member, ttl) {
      const client = await connected();
      const input = { keys: [keyOf(group)], arguments: [member, String(ttl)] };
      await client.eval(ADD_MEMBER, input);
    },
    async removeMember(group, member) {
      const client = await connected();
      await client.eval(REMOVE_MEMBER, { keys: [keyOf(group)], arguments: [member] });
    },
    async membersOf(group) {
      const client = await connected();
      const members = await client.eval(MEMBERS_OF, { keys: [keyOf(group)], arguments: [] });
      return members as string[];
    },
  };
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

function isKeyv(store: SessionStore): store is Keyv {
  const { getMany, emit } = store as unknown as Record<string, unknown>;
  return "store" in store && typeof getMany === "function" && typeof emit === "function";
}

function isKeyvRedis(store: unknown): store is KeyvRedis {
  const { client, getClient, createKeyPrefix } = (store ?? {}) as Record<string, unknown>;
  return (
    typeof getClient === "function" &&
    typeof createKeyPrefix === "function" &&
    typeof (client as Partial<RedisClient> | undefined)?.eval === "function"
  );
}
