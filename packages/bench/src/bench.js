import assert from "node:assert/strict";
import { contenders, secret } from "./contenders.js";
import { writeCookies } from "./cookies.js";
import { startFlask } from "./flask-process.js";
import { isPeer } from "./ours.js";
import { folderOf, manifestOf } from "./packages.js";
import { payloads } from "./payloads.js";
import {
  atLeast,
  atMost,
  machine,
  saveResults,
  significant,
  table,
  targetTable,
} from "./report.js";
import { interleave, ratio, summary, timer } from "./rounds.js";

const edge = process.execArgv.some((flag) => flag.includes("edge-light"));
const sizes = Object.keys(payloads);
const flask = await startFlask(secret, payloads);

const cookies = {};
for (const [name, contender] of Object.entries(contenders)) {
  cookies[name] = await writeCookies(name, contender, payloads);
}
if (flask) {
  cookies["Flask itself"] = flask.cookies;
  await assertReadsFlasksCookies();
}

const tasks = {};
for (const size of sizes) {
  for (const [name, contender] of Object.entries(contenders)) {
    tasks[`${name}, write, ${size}`] = timer(contender.write, payloads[size]);
    tasks[`${name}, read, ${size}`] = timer(contender.read, cookies[name][size]);
  }
  if (flask) {
    for (const operation of ["write", "read"]) {
      tasks[`Flask itself, ${operation}, ${size}`] = (times) =>
        flask.measure(operation, size, times);
    }
  }
}

const samples = await interleave(tasks, { rounds: 41 });
await flask?.stop();
report();

async function assertReadsFlasksCookies() {
  for (const size of sizes) {
    for (const [index, cookie] of flask.cookies[size].entries()) {
      assert.deepEqual({ ...(await contenders.flask.read(cookie)) }, payloads[size][index]);
    }
  }
}

function readAndWrite(name, size) {
  const reads = samples[`${name}, read, ${size}`];
  return samples[`${name}, write, ${size}`].map((write, round) => write + reads[round]);
}

function report() {
  const names = Object.keys(cookies);
  const results = {};
  console.log(`Node ${machine.node}${edge ? ", edge build" : ""}, ${machine.cpu}`);
  if (!flask) console.log("Flask itself is not measured: no Python here has it.");

  for (const size of sizes) {
    results[size] = Object.fromEntries(
      names.map((name) => [
        name,
        {
          write: summary(samples[`${name}, write, ${size}`]),
          read: summary(samples[`${name}, read, ${size}`]),
          both: summary(readAndWrite(name, size)),
          timesOurs: ratio(readAndWrite(name, size), readAndWrite("signed", size)),
          timesFloor: ratio(readAndWrite(name, size), readAndWrite("floor", size)),
          cookieBytes: summary(cookies[name][size].map((cookie) => cookie.length)).median,
        },
      ]),
    );
    console.log(`\n${size}: microseconds, median (middle half)`);
    console.log(
      table(
        ["", "write", "read", "read + write", "times signed", "cookie bytes"],
        names
          .map((name) => [name, results[size][name]])
          .sort(([, a], [, b]) => a.both.median - b.both.median)
          .map(([name, { write, read, both, timesOurs, cookieBytes }]) => [
            name,
            microseconds(write),
            microseconds(read),
            microseconds(both),
            `${significant(timesOurs)}x`,
            cookieBytes,
          ]),
      ),
    );
  }

  const targets = targetsOf(results);
  console.log(`\n${targetTable(targets)}`);
  saveResults(`cookies-node${process.versions.node.split(".")[0]}${edge ? "-edge" : ""}`, {
    edge,
    versions: Object.fromEntries(names.map((name) => [name, versionOf(name)])),
    what: Object.fromEntries(names.map((name) => [name, contenders[name]?.what ?? "in Python"])),
    results,
    targets,
  });
}

function microseconds({ median, p25, p75 }) {
  const [a, b, c] = [median, p25, p75].map((nanoseconds) => significant(nanoseconds / 1000));
  return `${a} (${b}–${c})`;
}

function targetsOf(results) {
  const usual = results["200 bytes"];
  const large = results["3.5 KB"];
  const peers = Object.entries(usual).filter(([name]) => isPeer(name) && name !== "Flask itself");
  const [nearest, fastestPeer] = peers.sort(([, a], [, b]) => a.timesOurs - b.timesOurs)[0];
  const sealed = readAndWrite("sealed", "200 bytes");
  return [
    atLeast(
      "signed, 200 bytes: iron-session 9 takes",
      usual["iron-session"].timesOurs,
      100,
      "x as long",
    ),
    atMost("signed, 200 bytes: against the floor", usual.signed.timesFloor, 1.5),
    atLeast(`signed, 200 bytes: the fastest peer, ${nearest}, takes`, fastestPeer.timesOurs, 1),
    ...(flask
      ? [atLeast("signed, 200 bytes: Flask itself takes", usual["Flask itself"].timesOurs, 1)]
      : []),
    atLeast(
      "sealed, 200 bytes: iron-session 9 takes",
      ratio(readAndWrite("iron-session", "200 bytes"), sealed),
      2,
    ),
    atMost("signed, 3.5 KB: against the floor", large.signed.timesFloor, 1.5),
  ];
}

function versionOf(name) {
  if (name === "Flask itself") return flask.versions;
  const { package: uses } = contenders[name];
  return uses ? `${uses} ${manifestOf(folderOf(uses)).version}` : "";
}
