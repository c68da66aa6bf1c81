// `npm start`: from a fresh clone to the demo in a browser.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { freePortFrom, isFree } from "./ports.mjs";
import { command, install, root, runTool, Stop, toolEnvironment, toolPath } from "./toolchain.mjs";

const demo = join(root, "apps/demo");

await command(async () => {
  await install();
  ensureSecret();
  const built = await runTool("turbo", ["run", "build", "--filter=demo", "--output-logs=new-only"]);
  if (built !== 0) throw new Stop("The build failed; its message is above.");
  return serve(await choosePort());
});

function ensureSecret() {
  if (process.env.SESSION_SECRET) return;
  const file = join(demo, ".env.local");
  const current = existsSync(file) ? readFileSync(file, "utf8") : "";
  if (/^\s*(export\s+)?SESSION_SECRET\s*=\s*\S/m.test(current)) return;
  const lineBreak = current === "" || current.endsWith("\n") ? "" : "\n";
  const secret = randomBytes(32).toString("base64url");
  appendFileSync(file, `${lineBreak}SESSION_SECRET=${secret}\n`, { mode: 0o600 });
  console.log("Made a secret for the demo: apps/demo/.env.local");
}

async function choosePort() {
  const asked = process.env.PORT;
  if (!asked) return freePortFrom(3000);
  const port = Number(asked);
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new Stop(`PORT is "${asked}"; give a whole number from 1 to 65535.`);
  }
  if (!(await isFree(port))) {
    throw new Stop(`Port ${port} is taken; give another in PORT, or none to have one chosen.`);
  }
  return port;
}

/** @returns {Promise<number>} the server's exit code */
function serve(/** @type {number} */ port) {
  const args = [toolPath("next"), "start", "-H", "127.0.0.1", "-p", String(port)];
  const server = spawn(process.execPath, args, {
    cwd: demo,
    stdio: "inherit",
    env: toolEnvironment(),
  });
  const url = `http://localhost:${port}`;
  announce(url, server);
  let stopped = false;
  const stop = (/** @type {NodeJS.Signals} */ signal) => {
    stopped = true;
    server.kill(signal);
  };
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.on(signal, stop);
  }
  if (process.env.npm_lifecycle_event === "start") whenOrphaned(() => stop("SIGTERM"));
  return new Promise((resolve, reject) => {
    server.on("error", reject).on("exit", (code) => resolve(stopped ? 0 : (code ?? 1)));
  });
}

async function announce(
  /** @type {string} */ url,
  /** @type {import("node:child_process").ChildProcess} */ server,
) {
  while (server.exitCode === null && server.signalCode === null) {
    const answered = await fetch(url).then(
      () => true,
      () => false,
    );
    if (answered) return console.log(`\nThe demo is at ${url} (Ctrl+C stops it)\n`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** A signal to npm ends npm and its shell, but the shell does not pass it on to this process. */
function whenOrphaned(/** @type {() => void} */ callback) {
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && callback(), 500).unref();
}
