// One of several processes that share a store: the package as built, and the requests that it is sent.
import { fileURLToPath } from "node:url";

const { defineSession } = await import(
  fileURLToPath(new URL("../../dist/index.js", import.meta.url))
);
const [address, secret] = process.argv.slice(2);

const { getSession, encode, decode, endSession } = defineSession({
  secret,
  store: await openStore(address),
  storeTimeout: 10,
});

async function openStore(address) {
  if (address.startsWith("redis:")) {
    const { default: KeyvRedis } = await import("@keyv/redis");
    const redis = new KeyvRedis(address);
    redis.on("error", () => {});
    return redis;
  }
  const { default: Database } = await import("libsql");
  const { sqliteStore } = await import("../../dist/sqlite.js");
  return sqliteStore(new Database(address));
}

const open = (cookie) =>
  getSession(
    new Request("http://localhost", { headers: { cookie: `session=${cookie}` } }),
    new Headers(),
  );

const acts = {
  encode: ({ data }) => encode(data),

  read: async ({ cookie }) => (await decode(cookie)).data,

  /** As many requests at once, each of which adds an item. Returns the items whose save succeeded. */
  async add({ cookie, items }) {
    const sessions = await Promise.all(items.map(() => open(cookie)));
    const saves = sessions.map((session, index) => {
      session.cart ??= {};
      session.cart[items[index]] = "1";
      return session.save();
    });
    const results = await Promise.allSettled(saves);
    return items.filter((_, index) => results[index]?.status === "fulfilled");
  },

  async end({ cookie }) {
    await endSession((await open(cookie)).sessionId);
  },

  /** As many requests at once, each of which finds its token stale. Returns what they got. */
  async once({ cookie, count, provider }) {
    const sessions = await Promise.all(Array.from({ length: count }, () => open(cookie)));
    return Promise.all(
      sessions.map((session) =>
        session.once("token", async (signal) => (await fetch(provider, { signal })).text()),
      ),
    );
  },
};

process.on("message", async ({ id, act, ...given }) => {
  try {
    process.send({ id, answer: await acts[act](given) });
  } catch (error) {
    process.send({ id, error: String(error?.stack ?? error) });
  }
});
process.send({ id: "ready" });
