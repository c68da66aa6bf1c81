// `npm run soak`: thousands of visitors at once, for minutes, against the demo's production build.
//
//   --seconds 180  --visitors 3000  --at-once 64
//   --short          20 seconds and 500 visitors
//   --lose-a-cookie  the visitors drop one cookie in a hundred: the counters must be found wrong
//   --leak           the server keeps 64 KB of each request: the memory must be found growing
//   --reject         the server leaves a promise unhandled: it must be found
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { anyFreePort } from "./ports.mjs";
import { Demo } from "./soak-demo.mjs";
import { acts, equal, oneOf, readForms, Visitor } from "./soak-visitors.mjs";
import { command, install, root, runTool, Stop, toolEnvironment, toolPath } from "./toolchain.mjs";

const { values: flags } = parseArgs({
  options: {
    seconds: { type: "string" },
    visitors: { type: "string" },
    "at-once": { type: "string", default: "64" },
    short: { type: "boolean", default: false },
    "lose-a-cookie": { type: "boolean", default: false },
    leak: { type: "boolean", default: false },
    reject: { type: "boolean", default: false },
  },
});
const seconds = Number(flags.seconds ?? (flags.short ? 20 : 180));
const visitorCount = Number(flags.visitors ?? (flags.short ? 500 : 3000));
const atOnce = Number(flags["at-once"]);

/** Of the run, before memory is judged: code is compiled, caches fill. */
const WARM_UP = 0.4;
/** Bytes by which the heap may grow after it, and the share by which the whole process may. */
const MOST_HEAP_GROWTH = 8 * 2 ** 20;
const MOST_RSS_GROWTH = 0.25;

/** @typedef {{ heapUsed: number, rss: number, unhandled: string[] }} Sample */

const port = await anyFreePort();
const demo = new Demo({ port, atOnce, losesCookies: flags["lose-a-cookie"] });

/** @type {Map<string, number>} */
const done = new Map();
/** @type {string[]} */
const failures = [];

await command(async () => {
  for (const number of [seconds, visitorCount, atOnce]) {
    if (!(number > 0)) throw new Stop("--seconds, --visitors and --at-once take a number above 0.");
  }
  await install();
  const built = await runTool("turbo", ["run", "build", "--filter=demo", "--output-logs=new-only"]);
  if (built !== 0) throw new Stop("The build failed; its message is above.");

  const server = startServer();
  try {
    await untilAnswering(server);
    await readForms(demo);
    const visitors = Array.from({ length: visitorCount }, () => new Visitor(demo));
    console.log(
      `${visitorCount} visitors, ${atOnce} at once, for ${seconds} seconds, at ${demo.origin} (process ${server.pid})`,
    );
    const samples = await soak(visitors, server);
    await lookAtAll(visitors);
    return await report(visitors, samples, server);
  } finally {
    server.kill();
    demo.close();
  }
});

/** @returns {import("node:child_process").ChildProcess & { errors: string[] }} */
function startServer() {
  const probe = pathToFileURL(join(root, "scripts/soak-probe.mjs")).href;
  const next = [toolPath("next"), "start", "-H", "127.0.0.1", "-p", String(port)];
  const server = spawn(process.execPath, ["--expose-gc", "--import", probe, ...next], {
    cwd: join(root, "apps/demo"),
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    env: {
      ...toolEnvironment(),
      SESSION_SECRET: randomBytes(32).toString("base64url"),
      ...(flags.leak && { SOAK_LEAK: "1" }),
      ...(flags.reject && { SOAK_REJECT: "1" }),
    },
  });
  /** @type {string[]} */
  const errors = [];
  server.stderr?.on("data", (text) => errors.push(String(text).trim()));
  return Object.assign(server, { errors });
}

async function untilAnswering(/** @type {ReturnType<typeof startServer>} */ server) {
  for (let attempt = 0; attempt < 300 && server.exitCode === null; attempt++) {
    if (await demo.ask("GET", "/").catch(() => undefined)) return;
    await sleep(200);
  }
  throw new Stop(`The demo did not start. ${server.errors.join("\n")}`);
}

/** @returns {Promise<Sample[]>} those after the warm-up */
async function soak(
  /** @type {Visitor[]} */ visitors,
  /** @type {ReturnType<typeof startServer>} */ server,
) {
  const started = Date.now();
  const ends = started + seconds * 1000;
  /** @type {Sample[]} */
  const samples = [];
  const idle = [...visitors];
  // Memory is looked at while nothing is under way. Under a load without any pause, React's renders
  // hold on to one another (on Node 20, by way of the stack of an Error that ends each), and a page
  // that knows nothing of sessions grows as fast; all of it goes with the first pause.
  let pause = Promise.resolve();
  const worker = async () => {
    while (Date.now() < ends && server.exitCode === null) {
      await pause;
      // Each visitor does one thing at a time, as the last of two answers at once would win.
      const [visitor] = idle.splice(Math.floor(Math.random() * idle.length), 1);
      if (!visitor) throw new Stop("More are to be at once than there are visitors.");
      const [name, act] = oneOf(Object.entries(acts));
      await attempt(name, () => act(visitor));
      visitor.settle();
      idle.push(visitor);
    }
  };
  const watcher = async () => {
    const interval = Math.max(500, Math.min(5000, seconds * 25));
    while (Date.now() < ends && server.exitCode === null) {
      await sleep(interval);
      let goOn = () => {};
      pause = new Promise((resolve) => {
        goOn = resolve;
      });
      while (idle.length < visitors.length) await sleep(10);
      await sleep(50);
      const sample = await sampleOf(server);
      goOn();
      const passed = (Date.now() - started) / 1000;
      const isWarm = passed >= seconds * WARM_UP;
      if (isWarm) samples.push(sample);
      console.log(
        `${passed.toFixed(0).padStart(4)} s ${String(demo.requests).padStart(8)} requests, heap ${megabytes(sample.heapUsed)}, process ${megabytes(sample.rss)}${isWarm ? "" : " (warming up)"}`,
      );
    }
  };
  await Promise.all([watcher(), ...Array.from({ length: atOnce }, worker)]);
  return samples;
}

/** At the end every session is looked at once, and must be what its visitor made of it. */
async function lookAtAll(/** @type {Visitor[]} */ visitors) {
  const left = [...visitors];
  const worker = async () => {
    for (let visitor = left.pop(); visitor; visitor = left.pop()) {
      const one = visitor;
      await attempt("look at the end", async () => {
        const { body } = await one.send("GET", "/session/");
        equal(JSON.parse(body), one.expected, "the session at the end");
      });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

async function report(
  /** @type {Visitor[]} */ visitors,
  /** @type {Sample[]} */ samples,
  /** @type {ReturnType<typeof startServer>} */ server,
) {
  console.log();
  for (const [name, count] of done) console.log(`${String(count).padStart(8)} ${name}`);
  const { unhandled } = await sampleOf(server);
  const third = Math.ceil(samples.length / 3);
  const growth = (/** @type {"heapUsed" | "rss"} */ of) => {
    const typical = (/** @type {Sample[]} */ some) => median(some.map((sample) => sample[of]));
    const first = typical(samples.slice(0, third));
    const last = typical(samples.slice(-third));
    return { first, last, by: last - first };
  };
  const [heap, rss] = [growth("heapUsed"), growth("rss")];
  const verdicts = [
    check(
      failures.length === 0,
      `${visitors.length} visitors, ${demo.requests} requests: ${failures.length} answers that were not what the visitor did`,
    ),
    check(
      heap.by < MOST_HEAP_GROWTH,
      `heap after the warm-up ${megabytes(heap.first)}, at the end ${megabytes(heap.last)} (${samples.length} samples; at most ${megabytes(MOST_HEAP_GROWTH)} more)`,
    ),
    check(
      rss.by < MOST_RSS_GROWTH * rss.first,
      `process after the warm-up ${megabytes(rss.first)}, at the end ${megabytes(rss.last)} (at most ${MOST_RSS_GROWTH * 100} % more)`,
    ),
    check(
      unhandled.length === 0,
      `${unhandled.length} unhandled rejections ${unhandled.slice(0, 3).join("; ")}`,
    ),
    check(
      server.errors.length === 0,
      `${server.errors.length} errors logged by the server ${server.errors.slice(0, 3).join("; ")}`,
    ),
  ];
  for (const failure of failures.slice(0, 10)) console.log(`      ${failure}`);
  return verdicts.every(Boolean) ? 0 : 1;
}

function check(/** @type {boolean} */ isRight, /** @type {string} */ text) {
  console.log(`${isRight ? "ok  " : "FAIL"}  ${text.trim()}`);
  return isRight;
}

async function attempt(/** @type {string} */ name, /** @type {() => Promise<void>} */ act) {
  try {
    await act();
  } catch (error) {
    failures.push(`${name}: ${/** @type {Error} */ (error).message}`);
  }
  done.set(name, (done.get(name) ?? 0) + 1);
}

/** @returns {Promise<Sample>} */
function sampleOf(/** @type {import("node:child_process").ChildProcess} */ server) {
  return new Promise((resolve, reject) => {
    server.once("message", (sample) => resolve(/** @type {Sample} */ (sample)));
    server.send("sample", (error) => error && reject(error));
  });
}

function median(/** @type {number[]} */ numbers) {
  return numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}

function megabytes(/** @type {number} */ bytes) {
  return `${(bytes / 2 ** 20).toFixed(1)} MB`;
}
