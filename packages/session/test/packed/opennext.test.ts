import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { anyFreePort } from "../../../../scripts/ports.mjs";
import { toolEnvironment } from "../../../../scripts/toolchain.mjs";
import { Browser } from "./browser.ts";
import { npm, printed, temporaryFolder, writeReadmeApp } from "./packed-app.ts";
import { newest, release } from "./releases.ts";

const folder = temporaryFolder();
const program = (name: string) => join(folder, "node_modules/.bin", name);
const env = { ...toolEnvironment(), CI: "1", WRANGLER_SEND_METRICS: "false" };

const WRANGLER = {
  name: "packed",
  main: ".open-next/worker.js",
  compatibility_date: "2026-01-01",
  compatibility_flags: ["nodejs_compat", "global_fetch_strictly_public"],
  assets: { directory: ".open-next/assets", binding: "ASSETS" },
  vars: { SESSION_SECRET: "of the packed tests, known to everyone" },
};

const OPEN_NEXT = `
  import { defineCloudflareConfig } from "@opennextjs/cloudflare";
  export default defineCloudflareConfig();
`;

let origin: string;
let server: ChildProcess;

beforeAll(async () => {
  // With Cache Components a worker of OpenNext 1.20 hangs, even if its page only calls cookies().
  const withoutCacheComponents = { ...release(newest), config: {} };
  writeReadmeApp(folder, withoutCacheComponents, {
    "next-signed-session": `file:${inject("tarball")}`,
    "@opennextjs/cloudflare": "^1.20.0",
    // Wrangler asks for Node 22.
    node: "^22",
    wrangler: "^4.148.0",
  });
  writeFileSync(join(folder, "wrangler.jsonc"), JSON.stringify(WRANGLER));
  writeFileSync(join(folder, "open-next.config.ts"), OPEN_NEXT);
  await npm(folder, "install", "--prefer-offline", "--no-audit", "--no-fund");
  await promisify(execFile)(program("opennextjs-cloudflare"), ["build"], { cwd: folder, env });

  const port = await anyFreePort();
  origin = `http://127.0.0.1:${port}`;
  const wrangler = join(folder, "node_modules/wrangler/bin/wrangler.js");
  const args = ["dev", "--local", "--ip", "127.0.0.1", "--port", String(port)];
  server = spawn(program("node"), [wrangler, ...args], { cwd: folder, env });
  await printed(server, "Ready on");
}, 600_000);

afterAll(async () => {
  if (server?.exitCode === null) {
    const ended = once(server, "exit");
    // It stops workerd, which it started.
    server.kill("SIGTERM");
    await ended;
  }
  rmSync(folder, { recursive: true });
}, 60_000);

it("runs in Cloudflare's workerd, built by OpenNext: proxy, page, route handler and action", async () => {
  const fetchHere = (path: string, init: RequestInit) =>
    fetch(`${origin}${path}`, { redirect: "manual", ...init });
  const browser = new Browser({ fetch: fetchHere });
  for (const visits of [1, 2, 3]) {
    expect(await browser.text("/")).toContain(`<p>Total visits: ${visits}</p>`);
  }
  expect(await (await browser.send("/handler", {})).json()).toEqual({ visits: 103 });
  await browser.submit("/cart", { fruit: "plums" });
  expect(await browser.text("/cart")).toContain('<output>{"plums":1}</output>');
}, 60_000);
