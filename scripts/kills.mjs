// `npm run kills`: what a store has acknowledged survives the kills of Redis, and of those who write to a SQLite file.
//
//   --seconds 60      for each of the two
//   --opens 25        as often, four processes open one fresh SQLite file at once
//   --driver libsql   or node:sqlite
//   --early           the writers acknowledge before they save: lost changes must be found
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Redis, redisProgram } from "./redis.mjs";
import { command, install, root, runTool, Stop, toolEnvironment } from "./toolchain.mjs";

const { values: flags } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    opens: { type: "string", default: "25" },
    driver: { type: "string", default: "libsql" },
    early: { type: "boolean", default: false },
  },
});
const seconds = Number(flags.seconds);

const VISITORS = 10;
const WRITERS = 4;
const secret = randomBytes(32).toString("base64url");
const folder = mkdtempSync(join(tmpdir(), "kills-"));

async function opens() {
  let failures = 0;
  for (let round = 0; round < Number(flags.opens); round++) {
    const store = join(folder, `fresh-${round}.db`);
    const opening = Array.from({ length: 4 }, () => job(store, "open").catch(() => failures++));
    await Promise.all(opening);
  }
  return check(
    failures === 0,
    `${flags.opens} fresh SQLite files, each opened by 4 processes at once: ${failures} failed`,
  );
}

async function killsOfWriters() {
  const store = join(folder, "sessions.db");
  const run = new Run(store, await job(store, "visitors", VISITORS));
  const ends = Date.now() + seconds * 1000;
  const writers = Array.from({ length: WRITERS }, () => run.start());
  let kills = 0;
  while (Date.now() < ends) {
    await sleep(100 + Math.random() * 600);
    const victim = Math.floor(Math.random() * WRITERS);
    await kill(writers[victim]);
    kills++;
    writers[victim] = run.start();
  }
  for (const writer of writers) await kill(writer);
  return run.report(`${flags.driver}: ${kills} kills of one of ${WRITERS} writers`);
}

async function killsOfRedis(/** @type {string} */ program) {
  const redis = await Redis.start(program);
  try {
    const run = new Run(redis.url, await job(redis.url, "visitors", VISITORS));
    const writers = [run.start(), run.start()];
    const ends = Date.now() + seconds * 1000;
    let kills = 0;
    while (Date.now() < ends) {
      await sleep(1000 + Math.random() * 1000);
      await redis.kill();
      kills++;
      await sleep(Math.random() * 500);
      await redis.start();
    }
    await sleep(500);
    for (const writer of writers) await kill(writer);
    return await run.report(`Redis: ${kills} kills under load`);
  } finally {
    await redis.stop();
  }
}

/** The writers to one store, and what they have said. */
class Run {
  #store;
  #cookies;
  /** The last number that each writer has had acknowledged for each visitor. @type {Map<string, number>[]} */
  #acknowledged;
  #count = 0;
  #standstill = 0;
  /** How often a save was refused, by the error. @type {Map<string, number>} */
  #refused = new Map();
  /** @type {unknown[]} */
  #wrong = [];

  constructor(/** @type {string} */ store, /** @type {string[]} */ cookies) {
    this.#store = store;
    this.#cookies = cookies;
    this.#acknowledged = cookies.map(() => new Map());
  }

  start() {
    const writer = start(this.#store, { cookies: this.#cookies, early: flags.early });
    writer.on("message", (/** @type {any} */ message) => this.#hear(message));
    writer.on("exit", (code) => {
      if (code !== null) this.#wrong.push(`a writer ended with code ${code}`);
    });
    return writer;
  }

  #hear(/** @type {any} */ { acknowledged, refused, wrong, loggedOut, standstill }) {
    if (acknowledged) {
      this.#count++;
      const { visitor, writer, number } = acknowledged;
      this.#acknowledged[visitor]?.set(writer, number);
    }
    if (refused) this.#refused.set(refused, (this.#refused.get(refused) ?? 0) + 1);
    if (wrong) this.#wrong.push(wrong);
    if (loggedOut !== undefined) this.#wrong.push(`visitor ${loggedOut} was logged out`);
    if (standstill) this.#standstill = Math.max(this.#standstill, standstill);
  }

  async report(/** @type {string} */ title) {
    const found = await job(this.#store, "look", this.#cookies);
    let lost = 0;
    for (const [visitor, acknowledged] of this.#acknowledged.entries()) {
      if (found[visitor]?.userId !== visitor) this.#wrong.push(`visitor ${visitor} is logged out`);
      for (const [writer, number] of acknowledged) {
        if (!(found[visitor]?.seen?.[writer] >= number)) lost++;
      }
    }
    for (const wrong of new Set(this.#wrong.slice(0, 10))) console.log(`      ${wrong}`);
    for (const [error, count] of this.#refused) console.log(`      ${count} refused: ${error}`);
    return check(
      lost === 0 && this.#wrong.length === 0 && this.#count > 0,
      `${title}: ${this.#count} acknowledged changes, ${lost} writers' last changes lost, ${this.#wrong.length} other faults, the longest standstill of a writer ${this.#standstill.toFixed(0)} ms`,
    );
  }
}

/** @param {string} store @param {object} more */
function start(store, more, job = "") {
  return spawn(process.execPath, [join(root, "scripts/kills-writer.mjs")], {
    stdio: ["ignore", "inherit", "pipe", "ipc"],
    env: {
      ...toolEnvironment(),
      SESSION_SECRET: secret,
      KILLS: JSON.stringify({ store, driver: flags.driver, ...more }),
      KILLS_JOB: job,
    },
  });
}

/**
 * What a process of its own answers.
 * @param {string} store
 * @param {string} name
 * @param {unknown} [given]
 * @returns {Promise<any>}
 */
async function job(store, name, given) {
  const worker = start(store, {}, JSON.stringify([name, given]));
  let errors = "";
  worker.stderr?.on("data", (text) => {
    errors += text;
  });
  /** @type {any} */
  let answer;
  worker.on("message", (message) => {
    answer = message;
  });
  await once(worker, "exit");
  if (!answer) throw new Error(errors);
  return answer.result;
}

async function kill(/** @type {import("node:child_process").ChildProcess | undefined} */ child) {
  if (!child || child.exitCode !== null) return;
  const ended = once(child, "close");
  child.kill("SIGKILL");
  await ended;
}

function check(/** @type {boolean} */ isRight, /** @type {string} */ text) {
  console.log(`${isRight ? "ok  " : "FAIL"}  ${text}`);
  return isRight;
}

await command(async () => {
  await install();
  const program = redisProgram();
  if (!program) throw new Stop("There is no Redis: apt-get install redis-server");
  const exitCode = await runTool("turbo", ["run", "build", "--filter=next-signed-session"]);
  if (exitCode !== 0) return exitCode;
  try {
    const verdicts = [await opens(), await killsOfWriters(), await killsOfRedis(program)];
    return verdicts.every(Boolean) ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
