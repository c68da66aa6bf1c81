/*
 * Two hashes against one createHmac: `node src/hmac.js`. Its table stands in
 * docs/decisions/hmac-by-two-hashes.md.
 */
import assert from "node:assert/strict";
import { createHmac, createSecretKey, randomBytes } from "node:crypto";
// Not through the package: it exports sessions, not signatures.
import { hmac, importHmacKey } from "../../session/dist/crypto/primitives.node.js";
import { significant, table } from "./report.js";
import { interleave, ratio, summary, timer } from "./rounds.js";

const raw = randomBytes(32);
const key = importHmacKey(raw, "SHA-256");
const keyObject = createSecretKey(raw);
const ways = {
  createHmac: (text) => createHmac("sha256", keyObject).update(text).digest("base64url"),
  "two hashes": (text) => hmac(key, text),
};

const rows = [];
for (const bytes of [50, 300, 1400, 3500]) {
  const texts = Array.from({ length: 64 }, () => randomBytes(bytes).toString("hex").slice(bytes));
  for (const text of texts) assert.equal(ways["two hashes"](text), ways.createHmac(text));
  const tasks = Object.fromEntries(
    Object.entries(ways).map(([name, sign]) => [name, timer(sign, texts)]),
  );
  const samples = await interleave(tasks, { rounds: 31 });
  const [one, two] = Object.keys(ways).map((name) => samples[name]);
  rows.push([
    bytes,
    ...[one, two].map((figures) => significant(summary(figures).median / 1000)),
    `${significant(ratio(one, two))}x`,
  ]);
}
console.log(`Node ${process.version}\n`);
console.log(table(["bytes signed", "createHmac, µs", "two hashes, µs", ""], rows));
