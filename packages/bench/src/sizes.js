import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "./bundle.js";
import { contenders, secret } from "./contenders.js";
import { writeCookies } from "./cookies.js";
import { appWith, loadedByFirstSession } from "./first-session.js";
import { startFlask } from "./flask-process.js";
import { folderOf, manifestOf } from "./packages.js";
import { payloads } from "./payloads.js";
import { atMost, saveResults, significant, table, targetTable } from "./report.js";
import { interleave, summary } from "./rounds.js";
import { sourcePath } from "./source.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** The tutorial's own session beside those that are timed. */
const sessions = { tutorial: [{ visits: 3, cart: { pineapples: "100" } }], ...payloads };

/** What an app writes to read and write a session with each, and the package it installs for it. */
const apps = {
  "next-signed-session": {
    package: "next-signed-session",
    code: appWith(),
  },
  "iron-session": {
    package: "iron-session",
    code: 'export { getIronSession } from "iron-session";',
  },
  jose: { package: "jose", code: 'export { SignJWT, jwtVerify } from "jose";' },
  "Auth.js JWE": {
    package: "@auth/core",
    code: 'export { encode, decode } from "@auth/core/jwt";',
  },
  "react-router": {
    package: "react-router",
    code: 'export { createCookieSessionStorage } from "react-router";',
  },
  hono: {
    package: "hono",
    code: 'export { getSignedCookie, setSignedCookie } from "hono/cookie";',
  },
  h3: { package: "h3", code: 'export { useSession } from "h3";' },
  keygrip: { package: "keygrip", code: 'export { default } from "keygrip";' },
  "cookie-signature": {
    package: "cookie-signature",
    code: 'export { default } from "cookie-signature";',
  },
};

/** Signing, verifying, encoding and decoding, without jars, options and messages. */
const signedPath = `export { signedCodec } from ${JSON.stringify(sourcePath("formats/signed.ts"))};`;

const cookieBytes = await measureCookies();
const bundles = {};
for (const [name, app] of Object.entries(apps)) bundles[name] = await bundleForBoth(app.code);
const signedBundle = await bundleForBoth(signedPath);
for (const { hasIronWebcrypto } of Object.values(bundles["next-signed-session"])) {
  assert.equal(hasIronWebcrypto, false, "an app that only signs bundles iron-webcrypto");
}
const firstSession = {
  "without options": await loadedByFirstSession(),
  "with options": await loadedByFirstSession("{ idleTimeout: { hours: 1 } }"),
};
const installs = Object.fromEntries(
  Object.entries(apps).map(([name, app]) => [name, installed(app.package)]),
);
const imports = await importTimes();
const plainImports = await plainImportTimes();
report();

async function bundleForBoth(code) {
  const sizes = {};
  for (const [build, condition] of Object.entries({ node: "node", edge: "edge-light" })) {
    const { gzipped, gzippedLater, loadedAtOnce } = await bundle(code, condition);
    const hasIronWebcrypto = loadedAtOnce.some((file) => file.includes("iron-webcrypto"));
    sizes[build] = { gzipped, gzippedLater, hasIronWebcrypto };
  }
  return sizes;
}

async function measureCookies() {
  const cookies = {};
  for (const [name, contender] of Object.entries(contenders)) {
    cookies[name] = await writeCookies(name, contender, sessions);
  }
  const flask = await startFlask(secret, sessions);
  if (flask) cookies["Flask itself"] = flask.cookies;
  await flask?.stop();

  const bytes = (values) => summary(values.map((cookie) => cookie.length)).median;
  return Object.fromEntries(
    Object.entries(cookies).map(([name, sizes]) => [
      name,
      Object.fromEntries(Object.entries(sizes).map(([size, values]) => [size, bytes(values)])),
    ]),
  );
}

/** Bytes of a package as npm unpacks it, and of every package it brings along. */
function installed(name) {
  const folders = new Map();
  const add = (name, from) => {
    const folder = folderOf(name, from);
    if (folders.has(folder)) return;
    const { dependencies = {} } = manifestOf(folder);
    folders.set(folder, name === "next-signed-session" ? packedBytes() : folderBytes(folder));
    for (const dependency of Object.keys(dependencies)) add(dependency, folder);
  };
  add(name);
  const [own, ...others] = folders.values();
  return { own, dependencies: others.length, all: others.reduce((sum, bytes) => sum + bytes, own) };
}

function folderBytes(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.name !== "node_modules")
    .map((entry) => join(folder, entry.name))
    .reduce(
      (sum, path) => sum + (statSync(path).isDirectory() ? folderBytes(path) : statSync(path).size),
      0,
    );
}

function packedBytes() {
  const args = ["pack", "--dry-run", "--json", "--ignore-scripts", "-w", "next-signed-session"];
  const output = JSON.parse(
    execFileSync("npm", args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
  );
  return Object.values(output)[0].unpackedSize;
}

/** Milliseconds of `import()` in a fresh Node process, where Next is loaded already, as in an app. */
async function importTimes() {
  const specifier = (code) => /from "([^"]+)"/.exec(code)[1];
  const tasks = Object.fromEntries(
    Object.entries(apps).map(([name, { code }]) => [
      name,
      () => importInFreshProcess(specifier(code)),
    ]),
  );
  const samples = await interleave(tasks, { rounds: 15, times: 1 });
  return Object.fromEntries(
    Object.entries(samples).map(([name, nanoseconds]) => [name, summary(nanoseconds)]),
  );
}

function importInFreshProcess(specifier) {
  const script = `
    await import("next/headers.js");
    await import("next/server.js");
    const began = process.hrtime.bigint();
    await import(${JSON.stringify(specifier)});
    console.log(String(process.hrtime.bigint() - began));`;
  const args = ["--input-type=module", "--eval", script];
  return Number(execFileSync(process.execPath, args, { cwd: root, encoding: "utf8" }));
}

/** Nanoseconds of processor time that `import()` takes in a fresh Node process, without Next. */
async function plainImportTimes() {
  const times = (specifier) => () => {
    const script = `
      const began = process.cpuUsage();
      await import(${JSON.stringify(specifier)});
      const { user, system } = process.cpuUsage(began);
      console.log(user + system);`;
    const args = ["--input-type=module", "--eval", script];
    return 1000 * Number(execFileSync(process.execPath, args, { cwd: root, encoding: "utf8" }));
  };
  const names = ["next-signed-session", "iron-session"];
  const tasks = Object.fromEntries(names.map((name) => [name, times(name)]));
  const samples = await interleave(tasks, { rounds: 31, times: 1 });
  return Object.fromEntries(names.map((name) => [name, summary(samples[name])]));
}

function report() {
  const sizes = Object.keys(sessions);
  console.log("Bytes of cookie value for the same data\n");
  console.log(
    table(
      ["", ...sizes],
      Object.entries(cookieBytes)
        .sort(([, a], [, b]) => a["200 bytes"] - b["200 bytes"])
        .map(([name, bytes]) => [name, ...sizes.map((size) => significant(bytes[size]))]),
    ),
  );

  console.log("\nBundled (minified, gzipped), installed (unpacked, with dependencies), imported\n");
  const kilobytes = (bytes) => `${significant(bytes / 1024)} KB`;
  console.log(
    table(
      ["", "Node bundle", "edge bundle", "loaded later", "installed", "dependencies", "import"],
      Object.keys(apps).map((name) => [
        name,
        kilobytes(bundles[name].node.gzipped),
        kilobytes(bundles[name].edge.gzipped),
        kilobytes(bundles[name].node.gzippedLater),
        kilobytes(installs[name].all),
        installs[name].dependencies,
        `${significant(imports[name].median / 1e6)} ms`,
      ]),
    ),
  );

  const later = kilobytes(firstSession["with options"]);
  console.log(`\nThe first session of an app with options loads ${later} more.`);

  const targets = targetsOf();
  console.log(`\n${targetTable(targets)}`);
  saveResults("sizes", {
    cookieBytes,
    bundles,
    signedBundle,
    firstSession,
    installs,
    imports,
    plainImports,
    targets,
  });
}

function targetsOf() {
  const digestDifference = 43 - 27;
  const { "iron-session": iron, "Flask itself": flask } = cookieBytes;
  const targets = [];
  for (const name of ["signed", "signed, compressed"]) {
    for (const size of Object.keys(sessions)) {
      const bytes = cookieBytes[name][size];
      const longer = `cookie, ${name}, ${size}: bytes longer than Flask's (the digest is ${digestDifference} longer)`;
      if (flask) targets.push(atMost(longer, bytes - flask[size], digestDifference, ""));
      const share = (100 * bytes) / iron[size];
      targets.push(atMost(`cookie, ${name}, ${size}: of iron-session's`, share, 60, "%"));
    }
  }
  for (const build of ["node", "edge"]) {
    const [codec, whole] = [signedBundle, bundles["next-signed-session"]].map(
      (sizes) => sizes[build].gzipped / 1024,
    );
    targets.push(atMost(`bundle, ${build}: to sign, verify, encode and decode`, codec, 6, " KB"));
    targets.push(atMost(`bundle, ${build}: all of getSession()`, whole, 9, " KB"));
  }
  const [ours, theirs] = Object.values(plainImports);
  const share = (100 * ours.p25) / theirs.p25;
  targets.push(atMost("import in plain Node, processor time: of iron-session's", share, 100, "%"));
  return targets;
}
