// `npm run soak`: thousands of visitors at once, for minutes, against the demo's production build.
//
//   --seconds 180  --visitors 3000  --at-once 64
//   --short          20 seconds and 500 visitors
//   --lose-a-cookie  the visitors drop one cookie in a hundred: the counters must be found wrong
//   --leak           the server keeps 64 KB of each request: the memory must be found growing
//   --reject         the server leaves a promise unhandled: it must be found
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { Agent, request as httpRequest } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { isDeepStrictEqual, parseArgs } from "node:util";
import { anyFreePort } from "./ports.mjs";
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

const FRUITS = ["pineapples", "apples", "mangoes", "pears", "plums", "cherries"];
const MOST_OF_ONE = 999;

/** @typedef {{ visits?: number, cart?: Record<string, string> }} Data */
/** @typedef {{ status: number, body: string, setCookies: string[] }} Answer */
/** @typedef {{ heapUsed: number, rss: number, unhandled: string[] }} Sample */

const port = await anyFreePort();
const origin = `http://127.0.0.1:${port}`;
const agent = new Agent({ keepAlive: true, maxSockets: atOnce });

let requests = 0;
let cookiesSeen = 0;
/** @type {Map<string, number>} */
const done = new Map();
/** @type {string[]} */
const failures = [];

class Visitor {
  /** @type {Map<string, string>} */
  cookies = new Map();
  /** What the session must hold, by all that this visitor did. @type {Data} */
  expected = {};
  permanent = false;

  /**
   * @param {string} method
   * @param {string} path
   * @param {[name: string, value: string][]} [fields]
   * @returns {Promise<Answer>}
   */
  async send(method, path, fields) {
    const cookie = [...this.cookies].map((pair) => pair.join("=")).join("; ");
    const form = fields && multipart(fields);
    /** @type {Record<string, string>} */
    const headers = {
      ...(cookie && { cookie }),
      ...(form && { origin, "content-type": form.type }),
    };
    const answer = await ask(method, path, headers, form?.body);
    requests++;
    if (answer.status !== 200) throw new Error(`status ${answer.status}`);
    for (const header of answer.setCookies) this.#keep(header);
    return answer;
  }

  #keep(/** @type {string} */ header) {
    if (flags["lose-a-cookie"] && ++cookiesSeen % 100 === 0) return;
    const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(header) ?? [];
    if (value === "") this.cookies.delete(name);
    else this.cookies.set(name, value);
  }

  /** A session without data has no cookie, and nothing to be permanent. */
  settle() {
    const { visits, cart } = this.expected;
    if (visits === undefined && cart === undefined) this.permanent = false;
  }
}

/** What a visitor does at one time, and must see. @type {Record<string, (visitor: Visitor) => Promise<void>>} */
const acts = {
  async "visit (proxy and page)"(visitor) {
    const { body } = await visitor.send("GET", "/visits-counter/");
    visitor.expected.visits = (visitor.expected.visits ?? 0) + 1;
    const shown = /Total visits: (\d+)/.exec(body)?.[1];
    equal(Number(shown), visitor.expected.visits, "the visits on the page");
  },

  async "cart as JSON (route handler)"(visitor) {
    const { body } = await visitor.send("GET", "/session/");
    equal(JSON.parse(body), visitor.expected, "the session as it came in");
    if (visitor.expected.cart) visitor.expected.cart.pineapples = "100";
    else visitor.expected.cart = { pineapples: "10", apples: "20", mangoes: "30" };
  },

  async "delete the visits (route handler)"(visitor) {
    const { body } = await visitor.send("GET", "/delete-visits/");
    equal(body, "Visits deleted", "the answer");
    delete visitor.expected.visits;
  },

  async "delete the visits (action)"(visitor) {
    const { body } = await visitor.send("POST", "/visits-counter/", forms.deleteVisits);
    delete visitor.expected.visits;
    equal(/Total visits: (\d+)/.exec(body)?.[1], "0", "the visits on the page");
  },

  async "permanent or not (action)"(visitor) {
    const permanent = Math.random() < 0.5;
    const fields = [...forms.setPermanent, pair("permanent", String(permanent))];
    const { body } = await visitor.send("POST", "/visits-counter/", fields);
    visitor.permanent = permanent;
    visitor.settle();
    const shown = /aria-checked="(\w+)"/.exec(body)?.[1];
    // An empty session is shown as it was set, and then has no cookie.
    if (Object.keys(visitor.expected).length > 0) equal(shown, String(permanent), "the switch");
  },

  async "change the cart (action)"(visitor) {
    const intent = oneOf(["add", "add", "change", "remove", "empty"]);
    const fruit = oneOf(FRUITS);
    const given = 1 + Math.floor(Math.random() * 9);
    const fields = [
      ...forms.changeCart,
      pair("intent", intent),
      pair("fruit", fruit),
      pair("quantity", String(given)),
    ];
    await visitor.send("POST", "/cart/", fields);
    const { expected } = visitor;
    if (intent === "empty") delete expected.cart;
    else if (intent === "remove") delete expected.cart?.[fruit];
    else {
      const quantity = given + (intent === "add" ? Number(expected.cart?.[fruit] ?? 0) : 0);
      if (quantity <= MOST_OF_ONE) expected.cart = { ...expected.cart, [fruit]: String(quantity) };
    }
  },

  async "look at the cart (page)"(visitor) {
    const { body, setCookies } = await visitor.send("GET", "/cart/");
    equal(setCookies, [], "the cookies that reading sets");
    for (const [fruit, quantity] of Object.entries(visitor.expected.cart ?? {})) {
      const field = new RegExp(`<input id="${fruit}"[^>]* value="${quantity}"`);
      equal(field.test(body), true, `that there are ${quantity} ${fruit}`);
    }
  },
};

/** The hidden fields by which a form without JavaScript names its action, from the pages themselves. */
const forms = { deleteVisits: noFields(), setPermanent: noFields(), changeCart: noFields() };

/** @returns {[name: string, value: string][]} */
function noFields() {
  return [];
}

async function readForms() {
  const visitor = new Visitor();
  const visits = (await visitor.send("GET", "/visits-counter/")).body;
  const cart = (await visitor.send("GET", "/cart/")).body;
  forms.deleteVisits = hiddenFields(visits, "Delete the visits");
  forms.setPermanent = hiddenFields(visits, 'name="permanent"');
  forms.changeCart = hiddenFields(cart, "Add to the cart");
}

/** @returns {[name: string, value: string][]} */
function hiddenFields(/** @type {string} */ html, /** @type {string} */ mark) {
  const form = html.match(/<form[\s\S]*?<\/form>/g)?.find((text) => text.includes(mark));
  const inputs = form?.match(/<input type="hidden"[^>]*>/g);
  if (!inputs) throw new Stop(`There is no form with ${mark} and an action on the demo's page.`);
  return inputs.map((input) => {
    const attribute = (/** @type {string} */ name) =>
      (new RegExp(` ${name}="([^"]*)"`).exec(input)?.[1] ?? "")
        .replaceAll("&quot;", '"')
        .replaceAll("&#x27;", "'")
        .replaceAll("&amp;", "&");
    return pair(attribute("name"), attribute("value"));
  });
}

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
    await readForms();
    const visitors = Array.from({ length: visitorCount }, () => new Visitor());
    console.log(
      `${visitorCount} visitors, ${atOnce} at once, for ${seconds} seconds, at ${origin} (process ${server.pid})`,
    );
    const samples = await soak(visitors, server);
    await lookAtAll(visitors);
    return await report(visitors, samples, server);
  } finally {
    server.kill();
    agent.destroy();
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
    if (await ask("GET", "/", {}).catch(() => undefined)) return;
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
        `${passed.toFixed(0).padStart(4)} s ${String(requests).padStart(8)} requests, heap ${megabytes(sample.heapUsed)}, process ${megabytes(sample.rss)}${isWarm ? "" : " (warming up)"}`,
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
      `${visitors.length} visitors, ${requests} requests: ${failures.length} answers that were not what the visitor did`,
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

function equal(
  /** @type {unknown} */ found,
  /** @type {unknown} */ expected,
  /** @type {string} */ what,
) {
  if (isDeepStrictEqual(found, expected)) return;
  throw new Error(`${what}: ${JSON.stringify(found)}, and not ${JSON.stringify(expected)}`);
}

/** @returns {Promise<Answer>} */
function ask(
  /** @type {string} */ method,
  /** @type {string} */ path,
  /** @type {Record<string, string>} */ headers,
  body = "",
) {
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port, method, path, headers, agent, timeout: 30_000 };
    const request = httpRequest(options, (response) => {
      /** @type {Buffer[]} */
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk)).on("error", reject);
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          body: Buffer.concat(chunks).toString(),
          setCookies: response.headers["set-cookie"] ?? [],
        }),
      );
    });
    request.on("timeout", () => request.destroy(new Error("no answer within 30 seconds")));
    request.on("error", reject).end(body);
  });
}

function multipart(/** @type {[name: string, value: string][]} */ fields) {
  const boundary = "----------soak";
  const parts = fields.map(
    ([name, value]) =>
      `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    body: `${parts.join("")}--${boundary}--\r\n`,
  };
}

/** @returns {Promise<Sample>} */
function sampleOf(/** @type {import("node:child_process").ChildProcess} */ server) {
  return new Promise((resolve, reject) => {
    server.once("message", (sample) => resolve(/** @type {Sample} */ (sample)));
    server.send("sample", (error) => error && reject(error));
  });
}

/** @returns {[name: string, value: string]} */
function pair(/** @type {string} */ name, /** @type {string} */ value) {
  return [name, value];
}

/** @template Item @returns {Item} */
function oneOf(/** @type {Item[]} */ items) {
  return /** @type {Item} */ (items[Math.floor(Math.random() * items.length)]);
}

function median(/** @type {number[]} */ numbers) {
  return numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}

function megabytes(/** @type {number} */ bytes) {
  return `${(bytes / 2 ** 20).toFixed(1)} MB`;
}
