import { join } from "node:path";
import { defineConfig } from "@playwright/test";
import { findBrowser } from "../../scripts/browser.mjs";
import { root } from "../../scripts/toolchain.mjs";

const executablePath = await findBrowser();
if (!executablePath) throw new Error("There is no Chromium yet: run `node scripts/browser.mjs`.");

export default defineConfig({
  testDir: ".",
  globalSetup: "./support/pack.ts",
  outputDir: join(root, "test-results/examples"),
  reporter: [["list"], ["json", { outputFile: join(root, "test-results/examples.json") }]],
  forbidOnly: Boolean(process.env.CI),
  // One after the other: each has servers of its own, and is installed and built.
  workers: 1,
  retries: 0,
  timeout: 60_000,
  // Some are served by `next dev`, which compiles a page when it is asked for.
  expect: { timeout: 20_000 },
  use: {
    // As root, and in most containers, Chromium's own sandbox does not start.
    launchOptions: { executablePath, chromiumSandbox: false },
    viewport: { width: 1280, height: 800 },
  },
});
