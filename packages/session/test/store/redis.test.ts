import KeyvRedis, { createKeyv, type RedisClientType } from "@keyv/redis";
import { Keyv } from "keyv";
import { Keyv as Keyv6, KeyvRedis as KeyvRedis6 } from "keyv-6";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { atomicStoreContract, storeContract } from "../../src/store/contract.ts";
import { groupStoreContract } from "../../src/store/group-contract.ts";
import { withoutKeyv } from "../../src/store/keyv.ts";
import { RecordStore, type SessionStore } from "../../src/store/store.ts";
import { SECRET } from "../support/fixed.ts";
import { describeWithRedis } from "../support/redis.ts";
import { type LooseSession, sessionsWith, Visitor } from "../support/visitor.ts";

const clock = Date.now;
const contract = [...storeContract, ...atomicStoreContract, ...groupStoreContract];

describeWithRedis("one Redis", { servers: 1 }, (servers) => {
  const adapters: { disconnect(force: boolean): Promise<void> }[] = [];
  const url = () => servers[0]?.url as string;
  const connected = <Adapter extends KeyvRedis<unknown>>(adapter: Adapter) => {
    adapter.on("error", () => {});
    adapters.push(adapter);
    return adapter;
  };
  const newAdapter = () => connected(new KeyvRedis(url()));
  const newAdapter6 = () => {
    const adapter = new KeyvRedis6(url());
    adapters.push(adapter);
    return adapter;
  };
  /** As Keyv 6 asks of an app that uses the Keyv itself. */
  const heard = (keyv: Keyv6) => {
    keyv.on("error", () => {});
    return keyv;
  };
  afterAll(async () => {
    for (const adapter of adapters) await adapter.disconnect(true);
  });

  const stores: Record<string, () => SessionStore> = {
    "a KeyvRedis": newAdapter,
    "a Keyv over it": () => new Keyv({ store: newAdapter() }),
    "a KeyvRedis 6": newAdapter6,
    "a Keyv 6 over it": () => heard(new Keyv6({ store: newAdapter6() })),
    "a Keyv 6 over it with a namespace": () =>
      heard(new Keyv6({ store: newAdapter6(), namespace: "sessions-6" })),
    "a Keyv 6 over a KeyvRedis 5": () => heard(new Keyv6({ store: newAdapter() as never })),
    "a Keyv over it with a namespace": () =>
      new Keyv({ store: newAdapter(), namespace: "sessions" }),
    "what createKeyv gives": () => {
      const keyv = createKeyv(url(), { namespace: "created" });
      connected(keyv.store as KeyvRedis<unknown>);
      return keyv;
    },
  };

  describe.each(Object.entries(stores))("as %s", (_name, newStore) => {
    let store: SessionStore;
    beforeAll(() => {
      store = newStore();
    });

    for (const { name, check } of contract) {
      it.concurrent(name, () => check(store));
    }

    it("lets an app end a session by its sessionId", async () => {
      const sessions = await sessionsWith({ store, clock });
      const visitor = new Visitor();
      await visitor.visits(sessions, (session) => {
        session.userId = 7;
      });
      const { sessionId } = await sessions.open(visitor.jar());
      await store.delete(sessionId as string);
      expect(await visitor.finds(sessions)).toEqual({});
    });
  });

  describe("a Keyv that compresses", () => {
    const newStore = () => {
      const compression = {
        compress: async (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64"),
        decompress: async (value: string) => JSON.parse(Buffer.from(value, "base64").toString()),
      };
      return new Keyv({ store: newAdapter(), compression: compression as never });
    };
    for (const { name, check } of storeContract) it.concurrent(name, () => check(newStore()));
  });

  it("holds neither a session's id nor its cookie", async () => {
    const adapter = newAdapter();
    const sessions = await sessionsWith({ store: adapter, clock });
    const visitor = new Visitor();
    await visitor.visits(sessions, (session) => {
      session.userId = 7;
    });
    const client = (await adapter.getClient()) as RedisClientType;
    const keys = await client.keys("*");
    const [id = "", , signature = ""] = (visitor.cookies.get("session") as string).split(".");
    const content = [...keys, ...(await client.mGet(keys))].join("\n");
    expect(content).toContain('{"userId":7}');
    for (const secret of [id, signature, SECRET]) expect(content).not.toContain(secret);
    const [key = ""] = keys.filter((name) => name.startsWith("session:"));
    expect(await client.pTTL(key)).toBeGreaterThan(30 * 86_400_000);
  });

  it("forgets a user's sessions when their time is over, and keeps no empty group", async () => {
    const adapter = newAdapter();
    const store = withoutKeyv(adapter) as Required<SessionStore>;
    const client = (await adapter.getClient()) as RedisClientType;
    for (let n = 0; n < 100; n++) await store.addMember("session:user:9", `${n}`, 50);
    await store.addMember("session:user:9", "long", 60_000);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await store.addMember("session:user:9", "shorter", 1000);
    expect(await client.zCard("session:user:9")).toBe(2);
    const left = await client.pTTL("session:user:9");
    expect(left).toBeGreaterThan(59_000);
    expect(left).toBeLessThanOrEqual(60_000);
    for (const member of ["long", "shorter"]) await store.removeMember("session:user:9", member);
    expect(await client.exists("session:user:9")).toBe(0);
  });

  it("lets a Keyv of the app's own see its failures and go on", async () => {
    // Nobody listens there: port 9 is discard.
    const adapter = connected(new KeyvRedis("redis://127.0.0.1:9"));
    const keyv = new Keyv({
      store: adapter,
      compression: { compress: async (v: unknown) => v } as never,
    });
    keyv.on("error", () => {});
    const sessions = await sessionsWith({ store: keyv, clock, storeTimeout: 1 });
    await expect(sessions.encode({ visits: 1 }, false)).rejects.toMatchObject({
      name: "SessionStoreError",
    });
  });

  it("that is away and comes back makes requests fail, and loses nothing", async () => {
    const [redis] = servers;
    const store = newAdapter();
    const sessions = await sessionsWith({ store, clock, storeTimeout: 1 });
    const visitor = new Visitor();
    await visitor.visits(sessions, (session) => {
      session.visits = 1;
    });
    const opened = (await sessions.open(visitor.jar())) as LooseSession;
    await redis?.kill();

    opened.visits = 2;
    await expect(opened.save()).rejects.toMatchObject({ name: "SessionStoreError" });
    await expect(sessions.open(visitor.jar())).rejects.toMatchObject({ name: "SessionStoreError" });

    await redis?.start();
    await expect
      .poll(() => visitor.finds(sessions).catch(() => "not yet"), { timeout: 15_000 })
      .toMatchObject({ visits: expect.any(Number) });
    await opened.save();
    expect(await visitor.finds(sessions)).toEqual({ visits: 2 });
  });
});

const clusterOptions = ["--cluster-enabled", "yes", "--cluster-node-timeout", "2000"];

describeWithRedis(
  "a Redis cluster of three",
  { servers: 3, options: clusterOptions },
  (servers) => {
    let adapter: KeyvRedis<unknown>;
    const newAdapter = () => {
      const created = new KeyvRedis<unknown>({ rootNodes: servers.map(({ url }) => ({ url })) });
      created.on("error", () => {});
      return created;
    };

    beforeAll(async () => {
      const nodes = servers.map(({ port }) => `127.0.0.1:${port}`);
      const create = ["--cluster", "create", ...nodes, "--cluster-replicas", "0", "--cluster-yes"];
      expect(servers[0]?.command(...create)).toContain("All 16384 slots covered");
      // Each node learns of the others' slots by and by.
      for (const server of servers) {
        const state = () => server.command("cluster", "info");
        await vi.waitFor(() => expect(state()).toContain("cluster_state:ok"), { timeout: 20_000 });
      }
      adapter = newAdapter();
      await adapter.getClient();
    }, 60_000);
    afterAll(() => adapter?.disconnect(true));

    for (const { name, check } of contract) {
      it.concurrent(name, () => check(adapter));
    }

    it("serves the requests that are the first to connect", async () => {
      const store = newAdapter();
      const sessions = await sessionsWith({ store, clock });
      await Promise.all(Array.from({ length: 20 }, () => sessions.encode({ visits: 1 }, false)));
      await store.disconnect(true);
    });

    it("spreads the sessions over its nodes, and each is found", async () => {
      const sessions = await sessionsWith({ store: adapter, clock });
      const visitors = Array.from({ length: 60 }, () => new Visitor());
      await Promise.all(
        visitors.map((visitor, index) =>
          visitor.visits(sessions, (session) => {
            session.visits = index;
          }),
        ),
      );
      for (const [index, visitor] of visitors.entries()) {
        expect(await visitor.finds(sessions)).toEqual({ visits: index });
      }
      for (const server of servers) {
        expect(Number(server.command("dbsize"))).toBeGreaterThan(0);
      }
    });

    it("keeps the changes of parallel requests, and moves a session to a new id", async () => {
      const sessions = await sessionsWith({ store: adapter, clock });
      const visitor = new Visitor();
      await visitor.visits(sessions, (session) => {
        session.cart = {};
      });
      const opened = await Promise.all(
        Array.from({ length: 50 }, () => sessions.open(visitor.jar()) as Promise<LooseSession>),
      );
      await Promise.all(
        opened.map((session, index) => {
          (session.cart as Record<string, string>)[`fruit ${index}`] = "1";
          return session.save();
        }),
      );
      await visitor.visits(sessions, (session) => session.regenerate());
      const { cart } = (await visitor.finds(sessions)) as { cart: object };
      expect(Object.keys(cart)).toHaveLength(50);
    });

    it("serves the sessions of the other nodes while one is down", async () => {
      const [one, two, down] = servers;
      for (const server of servers) {
        server.command("config", "set", "cluster-require-full-coverage", "no");
      }
      const nodeOf = (key: string) => {
        const slot = Number(one?.command("cluster", "keyslot", key));
        // The slots are given out in the order of the nodes.
        return servers[Math.floor(slot / (16_384 / servers.length))];
      };
      const keys = Array.from({ length: 30 }, (_, n) => `key ${n}`);
      await down?.kill();
      try {
        const adapter = withoutKeyv(newAdapter());
        // The client looks for the new layout of the cluster, which takes long on a busy machine.
        const records = new RecordStore(adapter, 15_000);
        for (const key of keys) {
          const setting = records.set(key, { value: "1", ttl: 60_000 });
          if ([one, two].includes(nodeOf(key))) await setting;
          else setting.catch(() => {});
        }
        const lost = keys.find((key) => nodeOf(key) === down) as string;
        const reading = new RecordStore(adapter, 1000).get(lost);
        await expect(reading).rejects.toMatchObject({ name: "SessionStoreError" });
      } finally {
        await down?.start();
      }
    });
  },
);
