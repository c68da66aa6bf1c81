/*
 * What deflating a session costs, and what it saves: `node src/deflate.js`. Its tables stand in
 * docs/decisions/deflate-only-when-needed.md.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { machine, significant, table } from "./report.js";
import { interleave, ratio, summary } from "./rounds.js";
import { importSource } from "./source.js";

// Imported from the source: the package itself decides when it deflates.
const { signedCodec } = await importSource("formats/signed.ts");

const sizes = [100, 200, 500, 1000, 2000, 3000, 6000, 12_000];
const issuedAt = Math.floor(Date.now() / 1000);
const codec = signedCodec("session", ["a secret for the benchmark, 0123456789"]);

/** Sessions differ in how much deflate finds in them; these are its worst and its best. */
const kinds = {
  "ids and tokens": (bytes) => {
    const tokens = [];
    while (JSON.stringify({ tokens }).length < bytes - 25) {
      tokens.push(createHash("sha256").update(`${tokens.length}`).digest("base64url").slice(0, 22));
    }
    return { tokens };
  },
  "lines of one shape": (bytes) => {
    const cart = [];
    while (JSON.stringify({ cart }).length < bytes - 60) {
      const number = cart.length;
      cart.push({
        product: 100 + ((number * 7919) % 900),
        quantity: 1 + (number % 9),
        gift: false,
      });
    }
    return { cart };
  },
};

const timed = (work) => async (times) => {
  const started = process.hrtime.bigint();
  for (let time = 0; time < times; time++) await work();
  return Number(process.hrtime.bigint() - started);
};

for (const [kind, dataOf] of Object.entries(kinds)) {
  const rows = [];
  for (const size of sizes) {
    const text = codec.serialize({ data: dataOf(size), permanent: false });
    const plain = await codec.encode(text, issuedAt);
    const deflated = await codec.encode(text, issuedAt, true);
    assert.equal((await codec.decode(deflated)).text, text);
    const samples = await interleave(
      {
        write: timed(() => codec.encode(text, issuedAt)),
        "write deflated": timed(() => codec.encode(text, issuedAt, true)),
        read: timed(() => codec.decode(plain)),
        "read deflated": timed(() => codec.decode(deflated)),
      },
      { rounds: 40 },
    );
    const microseconds = (task) => significant(summary(samples[task]).median / 1000);
    rows.push([
      text.length,
      plain.length,
      deflated.length,
      `${Math.round(100 - (100 * deflated.length) / plain.length)} %`,
      microseconds("write"),
      microseconds("write deflated"),
      `${significant(ratio(samples["write deflated"], samples.write))}x`,
      microseconds("read"),
      microseconds("read deflated"),
      `${significant(ratio(samples["read deflated"], samples.read))}x`,
    ]);
  }
  const header = ["JSON", "cookie", "deflated", "saved"];
  for (const act of ["write", "read"]) header.push(`${act} (µs)`, "deflated", "");
  console.log(`\n${kind}\n\n${table(header, rows)}`);
}
console.log(`\n${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, load ${machine.load}`);
