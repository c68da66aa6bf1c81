/*
 * What signs on each runtime, against what its platform offers: `node src/hmac.js`. The tables stand in
 * docs/decisions/hmac-by-two-hashes.md and docs/decisions/sha-256-on-the-edge.md.
 */
import assert from "node:assert/strict";
import { createHmac, createSecretKey, randomBytes } from "node:crypto";
// From the parts of the build: the package exports sessions, not signatures.
import * as onNode from "../../session/dist/platform.node.js";
import * as onEdge from "../../session/dist/platform.web.js";
import { significant, table } from "./report.js";
import { interleave, ratio, summary, timer } from "./rounds.js";

const raw = randomBytes(32);
const nodeKey = await onNode.importHmacKey(raw, "SHA-256");
const edgeKey = await onEdge.importHmacKey(raw, "SHA-256");
const keyObject = createSecretKey(raw);
const webKey = await crypto.subtle.importKey("raw", raw, { name: "HMAC", hash: "SHA-256" }, false, [
  "sign",
]);
const utf8 = new TextEncoder();

const comparisons = {
  Node: {
    createHmac: (text) => createHmac("sha256", keyObject).update(text).digest("base64url"),
    "two hashes": (text) => onNode.hmac(nodeKey, text),
  },
  "Edge build": {
    WebCrypto: async (text) =>
      onEdge.bytesToBase64Url(
        new Uint8Array(await crypto.subtle.sign("HMAC", webKey, utf8.encode(text))),
      ),
    "plain JavaScript": (text) => onEdge.hmac(edgeKey, text),
  },
};

console.log(`Node ${process.version}`);
for (const [runtime, ways] of Object.entries(comparisons)) {
  const names = Object.keys(ways);
  const rows = [];
  for (const bytes of [50, 300, 1400, 3500]) {
    const texts = Array.from({ length: 64 }, () => randomBytes(bytes).toString("hex").slice(bytes));
    for (const text of texts) assert.equal(await ways[names[0]](text), await ways[names[1]](text));
    const tasks = Object.fromEntries(names.map((name) => [name, timer(ways[name], texts)]));
    const samples = await interleave(tasks, { rounds: 31 });
    rows.push([
      bytes,
      ...names.map((name) => significant(summary(samples[name]).median / 1000)),
      `${significant(ratio(samples[names[0]], samples[names[1]]))}x`,
    ]);
  }
  console.log(`\n${runtime}\n`);
  console.log(table(["bytes signed", ...names.map((name) => `${name}, µs`), ""], rows));
}
