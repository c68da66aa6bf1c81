/*
 * Makes golden.json, next to this file, with the iron-session 8 and 9 that are installed:
 *
 *     node make.mjs
 *
 * The cookies are what `session.save()` handed to the cookie store. Each time they are others, since
 * salts and initialization vectors are random.
 */

import { readFileSync, writeFileSync } from "node:fs";
import * as ironSession8 from "iron-session-8";
import * as ironSession9 from "iron-session-9";

const here = (file) => new URL(file, import.meta.url);

const NOW = 1_700_000_000;
Date.now = () => NOW * 1000;

const PASSWORD = "password-of-the-old-app-0123456789-abc";
const OLDER_PASSWORD = "password-before-that-one-0123456789-ab";

const DAY = 86_400;
const visits = { visits: 3 };
const kept = [
  { name: "the defaults", data: visits, expiresAt: NOW + 14 * DAY },
  { name: "an empty session", data: {}, expiresAt: NOW + 14 * DAY },
  {
    name: "a login",
    data: { user: { id: 7, name: "你好 é 😀", roles: ["admin"], note: null }, csrf: "\u2028" },
    expiresAt: NOW + 14 * DAY,
  },
  {
    name: "data that looks like our tags",
    data: { " p": { visits: 1, at: { " d": 0 } } },
    expiresAt: NOW + 14 * DAY,
  },
  {
    name: "data under the name that versions before 6 wrapped it in",
    data: { persistent: { visits: 1 } },
    expiresAt: NOW + 14 * DAY,
  },
  { name: "an hour", data: visits, options: { ttl: 3600 }, expiresAt: NOW + 3600 },
  { name: "no end", data: visits, options: { ttl: 0 }, expiresAt: null },
  {
    name: "until the browser closes",
    data: visits,
    options: { cookieOptions: { maxAge: undefined } },
    expiresAt: null,
  },
  {
    name: "a password map",
    data: visits,
    options: { password: { 1: OLDER_PASSWORD, 2: PASSWORD } },
    expiresAt: NOW + 14 * DAY,
  },
  {
    name: "the older password",
    data: visits,
    options: { password: OLDER_PASSWORD },
    expiresAt: NOW + 14 * DAY,
  },
];

async function cookieOf({ getIronSession }, data, options) {
  let saved;
  const store = { get: () => undefined, set: (_name, value) => (saved = value) };
  const session = await getIronSession(store, {
    cookieName: "session",
    password: PASSWORD,
    ...options,
  });
  Object.assign(session, data);
  await session.save();
  return saved;
}

const cookies = [];
for (const [major, implementation] of [
  [8, ironSession8],
  [9, ironSession9],
]) {
  for (const { name, data, options, expiresAt } of kept) {
    const value = await cookieOf(implementation, data, options);
    cookies.push({ major, name, data, expiresAt, value });
  }
}

const versionOf = (alias) =>
  JSON.parse(readFileSync(here(`../../../../../node_modules/${alias}/package.json`), "utf8"))
    .version;

const golden = {
  "made with": [8, 9].map((major) => `iron-session ${versionOf(`iron-session-${major}`)}`),
  password: PASSWORD,
  "older password": OLDER_PASSWORD,
  issuedAt: NOW,
  cookies,
};

writeFileSync(here("golden.json"), `${JSON.stringify(golden, null, 2)}\n`);
