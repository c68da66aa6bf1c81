/*
 * `npm run bench:scale`: a store with a thousand sessions beside one with a million. Each session is
 * written by the package itself, and read and changed by requests with its cookie.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import KeyvRedis from "@keyv/redis";
import Database from "libsql";
import { defineSession } from "next-signed-session";
import { sqliteStore } from "next-signed-session/sqlite";
import { Redis, redisProgram } from "../../../scripts/redis.mjs";
import { secret } from "./contenders.js";
import { payloads } from "./payloads.js";
import { saveResults, significant, table } from "./report.js";
import { percentiles, shuffled } from "./rounds.js";

const sizes = (process.argv[2] ?? "1000,1000000").split(",").map(Number);
/** Sessions that are read and changed, chosen at random. */
const sampled = 1000;
const requestsAtOnce = 50;
const data = payloads["200 bytes"];

/** A SQLite file. The sessions of a batch are committed together. */
function sqlite() {
  const folder = mkdtempSync(join(tmpdir(), "bench-scale-"));
  const file = join(folder, "sessions.db");
  const database = new Database(file);
  return {
    store: sqliteStore(database),
    async batch(write) {
      database.exec("BEGIN");
      await write();
      database.exec("COMMIT");
    },
    bytes() {
      database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
      return statSync(file).size;
    },
    async close() {
      database.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** A Redis that writes its log to the disk once a second, as most do. */
async function redis() {
  const program = redisProgram();
  if (!program) throw new Error("There is no Redis here: apt-get install redis-server");
  const server = await Redis.start(program, "--appendfsync", "everysec");
  const memory = () => Number(/used_memory:(\d+)/.exec(server.command("INFO", "memory"))?.[1]);
  const empty = memory();
  const adapter = new KeyvRedis(server.url);
  return {
    store: adapter,
    batch: (write) => write(),
    bytes: () => memory() - empty,
    async close() {
      await adapter.disconnect(true);
      await server.stop();
    },
  };
}

async function measure(open, sessions) {
  const place = await open();
  const { getSession, encode } = defineSession({ secret, store: place.store });
  const request = (cookie) =>
    getSession(
      new Request("http://localhost/", { headers: { cookie: `session=${cookie}` } }),
      new Headers(),
    );
  const cookies = await fill(place, encode, sessions);
  const bytes = place.bytes();
  const read = async (cookie) => assert.ok((await request(cookie)).userId);
  const change = async (cookie) => {
    const session = await request(cookie);
    session.visits = (session.visits ?? 0) + 1;
    await session.save();
  };
  const result = {
    bytesPerSession: bytes / sessions,
    read: await oneByOne(read, cookies),
    change: await oneByOne(change, cookies),
    readsPerSecond: await manyAtOnce(read, cookies),
    changesPerSecond: await manyAtOnce(change, cookies),
  };
  const last = await request(cookies[0]);
  assert.ok(last.visits >= 2, "a change was lost");
  await place.close();
  return result;
}

/** Returns the cookies of a random sample. */
async function fill({ batch }, encode, sessions) {
  const atOnce = Math.min(sessions, 1000);
  const wanted = new Set(
    shuffled(Array.from({ length: sessions }, (_, index) => index)).slice(0, sampled),
  );
  const cookies = [];
  for (let begin = 0; begin < sessions; begin += atOnce) {
    await batch(async () => {
      const written = await Promise.all(
        Array.from({ length: atOnce }, (_, index) => encode(data[(begin + index) % data.length])),
      );
      cookies.push(...written.filter((_, index) => wanted.has(begin + index)));
    });
  }
  return shuffled(cookies);
}

/** Milliseconds that each request waits, without others beside it. */
async function oneByOne(act, cookies) {
  // The first requests load and compile code.
  for (const cookie of cookies.slice(0, 200)) await act(cookie);
  const waits = [];
  for (const cookie of cookies) {
    const began = performance.now();
    await act(cookie);
    waits.push(performance.now() - began);
  }
  return percentiles(waits, { p50: 0.5, p99: 0.99 });
}

async function manyAtOnce(act, cookies) {
  const began = performance.now();
  let done = 0;
  const worker = async (_, first) => {
    for (let next = first; performance.now() - began < 5000; next += requestsAtOnce, done++) {
      await act(cookies[next % cookies.length]);
    }
  };
  await Promise.all(Array.from({ length: requestsAtOnce }, worker));
  return done / ((performance.now() - began) / 1000);
}

const results = {};
for (const [name, open] of Object.entries({ SQLite: sqlite, Redis: redis })) {
  for (const sessions of sizes) {
    console.log(`${name}, ${significant(sessions)} sessions ...`);
    results[`${name}, ${significant(sessions)} sessions`] = await measure(open, sessions);
  }
}
saveResults("scale", { requestsAtOnce, sampled, results });
console.log(
  table(
    ["", "bytes/session", "read p50, ms", "p99", "change p50, ms", "p99", "reads/s", "changes/s"],
    Object.entries(results).map(([name, figures]) => [
      name,
      significant(figures.bytesPerSession),
      significant(figures.read.p50),
      significant(figures.read.p99),
      significant(figures.change.p50),
      significant(figures.change.p99),
      significant(figures.readsPerSecond),
      significant(figures.changesPerSecond),
    ]),
  ),
);
