/*
 * Sessions in a store that answers at once, so that only this package is timed. With the folder of another
 * build of it, the two are compared: npm run bench:stored -w bench -- /path/to/packages/session
 */
import assert from "node:assert/strict";
import { join, resolve } from "node:path";
import { secret } from "./contenders.js";
import { folderOf } from "./packages.js";
import { payloads } from "./payloads.js";
import { significant, table } from "./report.js";
import { interleave, ratio, summary, timer } from "./rounds.js";

const [other] = process.argv.slice(2);
const builds = { today: folderOf("next-signed-session"), ...(other && { other: resolve(other) }) };
const sizes = ["200 bytes", "3.5 KB"];

/** A store in memory. */
function memoryStore() {
  const values = new Map();
  return {
    get: (key) => values.get(key),
    set: (key, value) => void values.set(key, value),
    delete: (key) => void values.delete(key),
    compareAndSet(key, expected, value) {
      if (values.get(key) !== expected) return false;
      if (value === undefined) values.delete(key);
      else values.set(key, value);
      return true;
    },
  };
}

async function tasksOf(folder, size) {
  const { defineSession } = await import(join(folder, "dist/index.js"));
  const { getSession, encode } = defineSession({ secret, store: memoryStore() });
  const cookies = await Promise.all(payloads[size].map((data) => encode(data)));
  const open = (cookie) =>
    getSession(
      new Request("http://localhost/", { headers: { cookie: `session=${cookie}` } }),
      new Headers(),
    );
  for (const [index, cookie] of cookies.entries()) {
    assert.deepEqual({ ...(await open(cookie)) }, payloads[size][index]);
  }
  let visits = 0;
  return {
    read: timer(open, cookies),
    change: timer(async (cookie) => {
      const session = await open(cookie);
      session.visits = ++visits;
      await session.save();
    }, cookies),
    "change in place": timer(async (cookie) => {
      const session = await open(cookie);
      session.cart.plums = String(++visits);
      await session.save();
    }, cookies),
    regenerate: timer(async () => {
      const cookie = await encode({ visits: 1 });
      const session = await open(cookie);
      session.regenerate();
      await session.save();
    }, cookies),
  };
}

const tasks = {};
for (const size of sizes) {
  for (const [build, folder] of Object.entries(builds)) {
    for (const [name, task] of Object.entries(await tasksOf(folder, size))) {
      tasks[`${size}, ${name}, ${build}`] = task;
    }
  }
}
const samples = await interleave(tasks, { rounds: 41 });

const rows = sizes.flatMap((size) =>
  ["read", "change", "change in place", "regenerate"].map((name) => {
    const today = samples[`${size}, ${name}, today`];
    const before = samples[`${size}, ${name}, other`];
    const microseconds = significant(summary(today).median / 1000);
    return [
      `${size}, ${name}`,
      microseconds,
      ...(before ? [significant(ratio(today, before))] : []),
    ];
  }),
);
console.log(table(["", "microseconds", ...(other ? ["times other"] : [])], rows));
