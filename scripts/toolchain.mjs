// Plain Node without dependencies: on a fresh clone this runs before node_modules exists.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** An expected failure: its message is shown as it is, without a stack. */
export class Stop extends Error {}

/** Runs `main`, shows what stopped it, and sets the exit code. */
export async function command(/** @type {() => Promise<number>} */ main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    console.error(error instanceof Stop ? `\n${error.message}` : error);
    process.exitCode = 1;
  }
}

/** The environment of every tool: nobody is measured, and NODE_ENV is each tool's own to choose. */
export function toolEnvironment() {
  const { NODE_ENV: _, ...inherited } = process.env;
  return { ...inherited, NEXT_TELEMETRY_DISABLED: "1", TURBO_TELEMETRY_DISABLED: "1" };
}

/**
 * Runs a program in the foreground and answers its exit code.
 * @param {string} program
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, shell?: boolean }} [options]
 * @returns {Promise<number>}
 */
export function run(program, args, { env = toolEnvironment(), shell = false } = {}) {
  return new Promise((resolve, reject) => {
    spawn(program, args, { cwd: root, stdio: "inherit", env, shell })
      .on("error", reject)
      .on("exit", (code) => resolve(code ?? 1));
  });
}

/**
 * Runs the command-line program of an installed package.
 * @param {string} name the package, which is also the program
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv }} [options]
 */
export function runTool(name, args, options) {
  return run(process.execPath, [toolPath(name), ...args], options);
}

/** The JavaScript file behind a package's program, so that Windows needs no shell to start it. */
export function toolPath(/** @type {string} */ name) {
  const manifest = createRequire(join(root, "package.json")).resolve(`${name}/package.json`);
  const { bin } = readJson(manifest);
  return join(dirname(manifest), typeof bin === "string" ? bin : Object.values(bin)[0]);
}

/** Installs what the lock file asks for, unless it is there already. */
export async function install() {
  requireNode();
  if (isInstalled()) return;
  console.log("Installing dependencies ...");
  const flags = [
    // With NODE_ENV=production in the shell npm would leave the tools out.
    "--include=dev",
    // The lock file has a hash of each package, so what the cache has need not be asked for again.
    "--prefer-offline",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
  ];
  const code = await run("npm", ["ci", ...flags], { shell: process.platform === "win32" });
  if (code !== 0) throw new Stop(`npm ci failed with exit code ${code}; its message is above.`);
}

function requireNode() {
  const range = readJson(join(root, "package.json")).engines.node;
  const floor = range.replace(">=", "").split(".").map(Number);
  const current = process.versions.node.split(".").map(Number);
  const difference = current.map((n, i) => n - (floor[i] ?? 0)).find((n) => n !== 0) ?? 0;
  if (difference < 0) {
    throw new Stop(
      `Node ${process.versions.node} is too old: this repository's tools need Node ${range}.\n` +
        "Install a current one from https://nodejs.org and run the command again.",
    );
  }
}

/**
 * Compares contents, not times: a checkout or an `npm install` touches the two files in any order.
 * Optional packages are left out, because most of them are for other platforms.
 */
function isInstalled() {
  const installedLock = join(root, "node_modules/.package-lock.json");
  if (!existsSync(installedLock)) return false;
  const installed = readJson(installedLock).packages;
  const wanted = Object.entries(readJson(join(root, "package-lock.json")).packages);
  return wanted
    .filter(([path, entry]) => path.includes("node_modules/") && !entry.optional)
    .every(([path, entry]) => installed[path] && installed[path].version === entry.version);
}

/** @returns {any} */
export function readJson(/** @type {string} */ file) {
  return JSON.parse(readFileSync(file, "utf8"));
}
