// One process of `npm run kills`: changes the sessions of all visitors, and says which changes were acknowledged.
import { createRequire } from "node:module";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { pathToFileURL } from "node:url";
import { root } from "./toolchain.mjs";

const { store: address, driver, early, cookies } = JSON.parse(process.env.KILLS ?? "{}");
const writer = String(process.pid);
const require = createRequire(join(root, "packages/session/package.json"));
/** @type {(file: string) => Promise<any>} */
const built = (file) => import(pathToFileURL(join(root, "packages/session/dist", file)).href);

const { defineSession } = await built("index.js");
const { getSession } = defineSession({ store: openStore });

async function openStore() {
  if (address.startsWith("redis:")) return new (require("@keyv/redis").default)(address);
  const { sqliteStore } = await built("sqlite.js");
  if (driver === "libsql") return sqliteStore(new (require("libsql"))(address));
  return sqliteStore(new (require("node:sqlite").DatabaseSync)(address));
}

/** @param {string | undefined} cookie */
function open(cookie) {
  const request = new Request("http://localhost/", { headers: cookie ? { cookie } : {} });
  const response = new Headers();
  return { response, session: getSession(request, response) };
}

/** @param {(session: any) => void} change @param {string} [cookie] */
async function save(change, cookie) {
  const { response, session } = open(cookie);
  const opened = await session;
  change(opened);
  await opened.save();
  return response.getSetCookie()[0]?.split(";", 1)[0];
}

const pulse = monitorEventLoopDelay({ resolution: 5 });

/** @type {Record<string, (given: any) => Promise<unknown>>} */
const jobs = {
  /** New visitors, each logged in: their cookies. */
  visitors: (count) =>
    Promise.all(
      Array.from({ length: count }, (_, index) =>
        save((session) => {
          session.userId = index;
          session.seen = {};
        }),
      ),
    ),

  /** What the store holds of each visitor. */
  look: (given) =>
    Promise.all(given.map(async (/** @type {string} */ one) => ({ ...(await open(one).session) }))),

  async open() {
    await save((session) => {
      session.userId = 0;
    });
  },
};

if (process.env.KILLS_JOB) {
  const [job, given] = JSON.parse(process.env.KILLS_JOB);
  process.send?.({ result: await jobs[job]?.(given) });
  process.disconnect?.();
} else {
  pulse.enable();
  // One after the other for each visitor, so that the last number acknowledged is the highest.
  for (const visitor of cookies.keys()) void work(visitor);
  setInterval(() => process.send?.({ standstill: pulse.max / 1e6 }), 500);
}

async function work(/** @type {number} */ visitor) {
  for (let number = 1; ; number++) {
    const ack = () => process.send?.({ acknowledged: { visitor, writer, number } });
    if (early) ack();
    try {
      await save((session) => {
        // A logged out visitor would have neither.
        if (session.userId !== visitor) process.send?.({ loggedOut: visitor });
        session.seen[writer] = number;
      }, cookies[visitor]);
      if (!early) ack();
    } catch (error) {
      const { name, code, cause } = /** @type {any} */ (error);
      if (name === "SessionStoreError") {
        process.send?.({ refused: `${code}: ${cause?.code ?? cause?.message ?? "no cause"}` });
      } else {
        process.send?.({ wrong: `${error}` });
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
