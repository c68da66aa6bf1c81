import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "@playwright/test";
import { findBrowser } from "./scripts/browser.mjs";
import { anyFreePort } from "./scripts/ports.mjs";
import { root, toolPath } from "./scripts/toolchain.mjs";

// The workers load this file again: what they share with the servers goes through the environment.
process.env.NEXT_TELEMETRY_DISABLED = "1";
// As in the servers: the names of cookies, and Secure, depend on it.
Object.assign(process.env, { NODE_ENV: "production" });
process.env.SESSION_SECRET = "of the end-to-end tests, known to everyone";
for (const setting of ["SESSION_SECRET_FALLBACKS", "SESSION_STORE", "SESSION_FORMAT"]) {
  delete process.env[setting];
}

const executablePath = await findBrowser();
if (!executablePath) throw new Error("There is no Chromium yet: run `node scripts/browser.mjs`.");

const LONG = /(development|session-end)\.spec\.ts$/;

const servers = await Promise.all(
  readdirSync(join(root, "apps"))
    .filter((name) => existsSync(join(root, "apps", name, "e2e")))
    .map(nextServer),
);

export default defineConfig({
  testDir: "apps",
  outputDir: "test-results/e2e",
  reporter: [["list"], ["json", { outputFile: "test-results/e2e.json" }]],
  forbidOnly: Boolean(process.env.CI),
  fullyParallel: true,
  workers: 4,
  retries: 0,
  // Some tests start servers of their own, which takes long where other programs need the processors.
  timeout: 60_000,
  use: {
    launchOptions: {
      executablePath,
      // As root, and in most containers, Chromium's own sandbox does not start.
      chromiumSandbox: false,
      // Browsers take a Secure cookie of localhost over plain http, so some tests need another host.
      args: ["--host-resolver-rules=MAP shop.example 127.0.0.1, MAP *.shop.example 127.0.0.1"],
    },
    // A tenth of the time: `npx playwright test --trace retain-on-failure` shows why one failed.
    trace: "off",
    viewport: { width: 1280, height: 800 },
  },
  projects: [
    // These tests wait for a compiler or for a session to end. They begin first, and the others run beside them.
    { name: "long", testMatch: LONG },
    { name: "short", testIgnore: LONG },
  ],
  webServer: servers,
});

/** The production build of an app under apps/, served on a port of its own. */
async function nextServer(name: string) {
  const variable = `E2E_PORT_${name}`;
  process.env[variable] ??= String(await anyFreePort());
  const port = Number(process.env[variable]);
  return {
    name,
    command: `"${process.execPath}" "${toolPath("next")}" start -H localhost -p ${port}`,
    cwd: `apps/${name}`,
    // Not `url`: that wants an answer below 404 at "/", where an app need not have a page.
    port,
    stdout: "pipe" as const,
    gracefulShutdown: { signal: "SIGTERM" as const, timeout: 5000 },
  };
}
