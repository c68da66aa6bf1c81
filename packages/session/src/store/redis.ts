import type { SessionStore } from "./store.ts";

/** The client of node-redis, or that of a cluster or a sentinel. */
export interface RedisClient {
  readonly isOpen: boolean;
  /** A client that is not connected. Sentinels of node-redis 5 lack it. */
  duplicate?(options: { minimizeConnections: boolean }): RedisClient;
  connect(): Promise<unknown>;
  destroy(): unknown;
  on(event: "error", listener: (error: unknown) => void): unknown;
  /** Only the client of a single node has these two. */
  ref?(): void;
  unref?(): void;
  get(key: string): Promise<unknown>;
  set(key: string, value: string, options: { PX: number }): Promise<unknown>;
  del(key: string): Promise<unknown>;
  eval(script: string, input: { keys: string[]; arguments: string[] }): Promise<unknown>;
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

/**
 * Sessions in Redis, over connections of their own: they can be dropped without harm to the app's.
 *
 * @param client Is asked for the client whose options are to be used.
 * @param keyOf The key in Redis.
 */
export function redisStore(
  client: () => RedisClient,
  keyOf: (key: string) => string,
): SessionStore {
  let connection: Connection | undefined;
  const ask = <Answer>(command: (client: RedisClient) => Promise<Answer>) => {
    if (!connection || connection.isBroken) connection = new Connection(client());
    return connection.ask(command);
  };
  const run = (script: string, key: string, ...given: string[]) =>
    ask((redis) => redis.eval(script, { keys: [keyOf(key)], arguments: given }));
  return {
    get: (key) => ask((redis) => redis.get(keyOf(key))),
    set: (key, value, ttl) => ask((redis) => redis.set(keyOf(key), value, { PX: ttl })),
    delete: (key) => ask((redis) => redis.del(keyOf(key))),
    async compareAndSet(key, expected, value = "", ttl) {
      return (await run(COMPARE_AND_SET, key, expected, value, String(ttl))) === 1;
    },
    addMember: (group, member, ttl) => run(ADD_MEMBER, group, member, String(ttl)),
    removeMember: (group, member) => run(REMOVE_MEMBER, group, member),
    membersOf: async (group) => (await run(MEMBERS_OF, group)) as string[],
    reconnect: () =>
      connection?.break(new Error("Redis did not answer, and the connection was dropped")),
  };
}

/** One connection, from its beginning to its first failure. */
class Connection {
  isBroken = false;
  readonly #client: RedisClient;
  readonly #isOwn: boolean;
  readonly #connected: Promise<unknown>;
  /** Each ends the wait of one command. */
  readonly #waiting = new Set<(error: unknown) => void>();
  #lastError: unknown;

  constructor(given: RedisClient) {
    // A cluster connects to a node when it needs it. Else one node that is down would keep all sessions away.
    const own = given.duplicate?.({ minimizeConnections: true });
    own?.on("error", (error) => this.#heard(error));
    this.#isOwn = own !== undefined;
    this.#client = own ?? given;
    this.#connected = this.#client.isOpen ? Promise.resolve() : this.#client.connect();
    this.#connected.catch((error) => this.break(this.#lastError ?? error));
  }

  ask<Answer>(command: (client: RedisClient) => Promise<Answer>): Promise<Answer> {
    return new Promise((resolve, reject) => {
      // A process that has nothing else to do may end, though the connection stays open.
      if (this.#waiting.size === 0) this.#client.ref?.();
      this.#waiting.add(reject);
      this.#run(command)
        .then(resolve, reject)
        .finally(() => {
          this.#waiting.delete(reject);
          if (this.#waiting.size === 0) this.#client.unref?.();
        });
    });
  }

  /** Drops the connection. Commands that have not been sent are never sent. */
  break(error: unknown): void {
    if (this.isBroken) return;
    this.isBroken = true;
    this.#lastError = error;
    for (const reject of this.#waiting) reject(error);
    if (!this.#isOwn || !this.#client.isOpen) return;
    Promise.resolve(this.#client.destroy()).catch(() => {});
  }

  async #run<Answer>(command: (client: RedisClient) => Promise<Answer>): Promise<Answer> {
    await this.#connected;
    if (this.isBroken) throw this.#lastError;
    try {
      return await command(this.#client);
    } catch (error) {
      // A master that has become a replica stays one, and another server has its name.
      if (String(error).includes("READONLY")) this.break(error);
      throw error;
    }
  }

  /**
   * node-redis connects again and again, and those who wait hear nothing of it. In a cluster, one of
   * several nodes may be meant.
   */
  #heard(error: unknown): void {
    this.#lastError = error;
    if (this.#client.unref) this.break(error);
  }
}
