/*
 * Makes golden.json, next to this file, with the iron-webcrypto that is installed:
 *
 *     node make.mjs
 *
 * Everything is iron-webcrypto's own: its defaults, its seal, its JSON. The key derivation is
 * written here a second time, with Node's HKDF. The initialization vectors are a hash of what they
 * are for, so that the same file comes out each time.
 */

import { createHash, hkdfSync } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { deflateSync } from "node:zlib";
import { defaults, seal } from "iron-webcrypto";

const here = (file) => new URL(file, import.meta.url);
const readJson = (file) => JSON.parse(readFileSync(here(file), "utf8"));

const SECRET = "first-secret-of-the-tests-0123456789";
const OLDER_SECRET = "older-secret-of-the-tests-0123456789";
const NOW = 1_700_000_000;

function derive(secret, ...purpose) {
  const info = JSON.stringify(["sealed", ...purpose]);
  return new Uint8Array(hkdfSync("sha256", secret, "next-signed-session", info, 32));
}

function keysOf(name, secret = SECRET) {
  const id = Buffer.from(derive(secret, name, "id"))
    .toString("base64url")
    .slice(0, 8);
  return {
    id: id.replaceAll("-", "_"),
    encryption: derive(secret, name, "encryption"),
    integrity: derive(secret, name, "integrity"),
  };
}

function sealWith(iv, content, keys) {
  Object.defineProperty(crypto, "getRandomValues", {
    configurable: true,
    value(bytes) {
      bytes.set(iv);
      return bytes;
    },
  });
  return seal(content, keys, defaults);
}

const ivOf = (label) => createHash("sha256").update(label).digest().subarray(0, 16);

const payloads = {};
for (const [label, { text }] of Object.entries(readJson("../signed/golden.json").payloads)) {
  const value = await sealWith(ivOf(label), [NOW, JSON.parse(text)], keysOf("session"));
  payloads[label] = { text, value };
}

const visits = { visits: 3 };
const long = JSON.stringify({ list: Array(100).fill("the same words again") });
const deflated = [NOW, deflateSync(long).toString("base64url")];

const golden = {
  "made with": `iron-webcrypto ${readJson("../../../../../node_modules/iron-webcrypto/package.json").version}`,
  secret: SECRET,
  issuedAt: NOW,
  keys: Object.fromEntries(
    Object.entries(keysOf("session")).map(([name, key]) => [
      name,
      typeof key === "string" ? key : Buffer.from(key).toString("hex"),
    ]),
  ),
  payloads,
  deflated: { text: long, value: await sealWith(ivOf("deflated"), deflated, keysOf("session")) },
  "under another name": await sealWith(ivOf("name"), [NOW, visits], keysOf("session2")),
  "under an older secret": await sealWith(
    ivOf("older"),
    [NOW, visits],
    keysOf("session", OLDER_SECRET),
  ),
};

writeFileSync(here("golden.json"), `${JSON.stringify(golden, null, 2)}\n`);
