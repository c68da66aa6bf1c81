import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { sealData } from "iron-session";
import { defineSession } from "next-signed-session";
import { floor } from "./floor.js";
import { payloads } from "./payloads.js";
import { atLeast, saveResults, significant, table, targetTable } from "./report.js";
import { ratio, shuffled, summary } from "./rounds.js";

// What V8 made of a route when it compiled it stays as long as the process: one server flatters some
// routes by a tenth, and the next one others.
const servers = 3;
const roundsOfAServer = 5;
const rounds = servers * roundsOfAServer;
const seconds = 3;
const port = String(await freePort());
const origin = `http://127.0.0.1:${port}`;
const secret = randomBytes(32).toString("base64url");
const app = fileURLToPath(new URL("../http-app", import.meta.url));
const require = createRequire(import.meta.url);
const next = require.resolve("next/dist/bin/next");
const autocannon = require.resolve("autocannon");

const data = { ...payloads["200 bytes"][0], visits: 1 };
const environment = {
  ...process.env,
  NODE_ENV: "production",
  NEXT_TELEMETRY_DISABLED: "1",
  SESSION_SECRET: secret,
};

const plain = `data=${encodeURIComponent(JSON.stringify(data))}`;
const signed = `signed=${await encoded({ name: "signed" })}`;

/** Each route reads the number of visits out of its cookie, adds one, and writes it back. A page shows it. */
const routes = {
  "/nothing": "",
  "/plain-cookie": "visits=1",
  "/plain-cookie-with-data": plain,
  "/signed-by-hand": `floor=${floor(secret).write(data)}`,
  "/signed-session": signed,
  "/sealed-session": `sealed=${await encoded({ name: "sealed", format: "sealed" })}`,
  "/iron-session": `iron=${await sealData(data, { password: secret })}`,
  "/page-with-cookies": plain,
  "/page-with-session": signed,
};

execFileSync(process.execPath, [next, "build"], { cwd: app, env: environment, stdio: "inherit" });
const pinned = spawnSync("taskset", ["-c", "1", "true"]).status === 0;
const paths = Object.keys(routes);
const figures = Object.fromEntries(
  paths.map((path) => [path, { perSecond: [], cpuMicroseconds: [] }]),
);
let server;
process.once("exit", () => server?.kill());
for (let turn = 0; turn < servers; turn++) await measureOneServer();
report();

async function measureOneServer() {
  server = await startServer();
  for (const path of paths) await assertCounts(path);
  for (const path of shuffled(paths)) await load(path);
  for (let round = 0; round < roundsOfAServer; round++) {
    for (const path of shuffled(paths)) {
      const { perSecond, cpuMicroseconds } = await load(path);
      figures[path].perSecond.push(perSecond);
      figures[path].cpuMicroseconds.push(cpuMicroseconds);
    }
  }
  server.kill();
  await once(server, "exit");
}

function encoded(options) {
  return defineSession({ secret, ...options }).encode(data);
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/** On one core of its own, where the machine lets a process be pinned. */
function onCore(core, command) {
  return pinned ? ["taskset", "-c", String(core), ...command] : command;
}

async function startServer() {
  const [command, ...args] = onCore(0, [
    process.execPath,
    next,
    "start",
    "-H",
    "127.0.0.1",
    "-p",
    port,
  ]);
  const child = spawn(command, args, {
    cwd: app,
    env: environment,
    stdio: ["ignore", "ignore", "inherit"],
  });
  for (let attempt = 0; attempt < 100; attempt++) {
    if (await fetch(`${origin}/nothing`).catch(() => null)) return child;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  child.kill();
  throw new Error(`next start did not answer at ${origin} within ten seconds`);
}

async function assertCounts(path) {
  const response = await fetch(origin + path, { headers: { cookie: routes[path] } });
  assert.equal(response.status, 200, path);
  if (path === "/nothing") return;
  const answer = await response.text();
  if (path.startsWith("/page")) return assert.match(answer, /Visits: 1</, path);

  assert.equal(answer, "2", `${path} does not read the session it is sent`);
  const [cookie] = response.headers.getSetCookie().map((header) => header.split(";")[0]);
  const again = await fetch(origin + path, { headers: { cookie } });
  assert.equal(await again.text(), "3", `${path} does not read the session it wrote`);
}

async function load(path) {
  const cookie = routes[path];
  const [command, ...args] = onCore(1, [
    process.execPath,
    autocannon,
    ...["--json", "--connections", "10", "--duration", String(seconds)],
    ...(cookie ? ["--headers", `cookie=${cookie}`] : []),
    origin + path,
  ]);
  const before = cpuMicroseconds(server.pid);
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "ignore"] });
  let output = "";
  for await (const chunk of child.stdout) output += chunk;
  const result = JSON.parse(output);
  assert.equal(result.errors + result.timeouts + result.non2xx, 0, `${path} failed under load`);
  const answered = result.requests.total;
  return {
    perSecond: answered / result.duration,
    cpuMicroseconds: (cpuMicroseconds(server.pid) - before) / answered,
  };
}

/** What the server has computed so far, whatever else the machine was doing; Linux only. */
function cpuMicroseconds(pid) {
  if (process.platform !== "linux") return Number.NaN;
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  const [user, system] = [Number(fields[11]), Number(fields[12])];
  const ticksPerSecond = 100;
  return ((user + system) * 1e6) / ticksPerSecond;
}

function report() {
  const plainCookie = figures["/plain-cookie"];
  const results = Object.fromEntries(
    Object.entries(figures).map(([path, { perSecond, cpuMicroseconds }]) => [
      path,
      {
        perSecond: summary(perSecond),
        cpuMicroseconds: summary(cpuMicroseconds),
        throughputOfPlain: 100 * ratio(perSecond, plainCookie.perSecond),
        cpuOfPlain: 100 * ratio(plainCookie.cpuMicroseconds, cpuMicroseconds),
      },
    ]),
  );
  console.log(
    `\n${servers} servers, ${roundsOfAServer} rounds each of ${seconds} seconds a route, ten connections${pinned ? ", server and load each on a core of its own" : "; nothing pinned: no taskset here"}\n`,
  );
  console.log(
    table(
      ["route", "requests/second", "of plain cookie", "CPU µs/request", "plain's CPU to its own"],
      Object.entries(results).map(([path, figure]) => [
        path,
        spread(figure.perSecond),
        `${figure.throughputOfPlain.toFixed(1)}%`,
        spread(figure.cpuMicroseconds),
        `${figure.cpuOfPlain.toFixed(1)}%`,
      ]),
    ),
  );

  const compared = (path, other, what, limit) =>
    atLeast(what, 100 * ratio(figures[path].perSecond, figures[other].perSecond), limit, "%");
  const route = "a route that reads and writes a signed session, against";
  const targets = [
    compared("/signed-session", "/signed-by-hand", `${route} the floor by hand`, 97),
    compared(
      "/signed-session",
      "/plain-cookie-with-data",
      `${route} a plain cookie of the same data by hand`,
      95,
    ),
    compared(
      "/signed-session",
      "/plain-cookie",
      `${route} a plain cookie of one number by hand`,
      95,
    ),
    compared(
      "/page-with-session",
      "/page-with-cookies",
      "a page that reads a signed session, against one that calls cookies()",
      98,
    ),
  ];
  console.log(`\n${targetTable(targets)}`);
  saveResults("http", { rounds, seconds, pinned, results, targets });
}

function spread({ median, p25, p75 }) {
  return `${significant(median)} (${significant(p25)}–${significant(p75)})`;
}
