import { defineConfig } from "@playwright/test";
import { findBrowser } from "./scripts/browser.mjs";
import { anyFreePort } from "./scripts/ports.mjs";
import { toolPath } from "./scripts/toolchain.mjs";

// The workers load this file again: what they share with the servers goes through the environment.
process.env.NEXT_TELEMETRY_DISABLED = "1";
process.env.SESSION_SECRET = "of the end-to-end tests, known to everyone";
for (const setting of ["SESSION_SECRET_FALLBACKS", "SESSION_STORE"]) delete process.env[setting];

const executablePath = await findBrowser();
if (!executablePath) throw new Error("There is no Chromium yet: run `node scripts/browser.mjs`.");

const demo = await nextApp("demo");
const fixture = await nextApp("fixture");

export default defineConfig({
  outputDir: "test-results/e2e",
  reporter: [["list"], ["json", { outputFile: "test-results/e2e.json" }]],
  forbidOnly: Boolean(process.env.CI),
  fullyParallel: true,
  workers: 2,
  retries: 0,
  use: {
    // As root, and in most containers, Chromium's own sandbox does not start.
    launchOptions: { executablePath, chromiumSandbox: false },
    trace: "retain-on-failure",
  },
  projects: [
    { ...demo.project, name: "demo", use: { ...demo.use, viewport: { width: 1280, height: 800 } } },
    // The tests that look at a page's layout carry the tag, and run at both widths.
    {
      ...demo.project,
      name: "demo on a phone",
      grep: /@layout/,
      use: { ...demo.use, viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
    },
    { ...fixture.project, name: "fixture", use: fixture.use },
  ],
  webServer: [demo.server, fixture.server],
});

/** The production build of an app under apps/, served on a port of its own. */
async function nextApp(name: string) {
  const variable = `E2E_PORT_${name.toUpperCase()}`;
  process.env[variable] ??= String(await anyFreePort());
  const port = process.env[variable];
  const url = `http://localhost:${port}`;
  return {
    project: { testDir: `apps/${name}/e2e` },
    use: { baseURL: url },
    server: {
      name,
      command: `"${process.execPath}" "${toolPath("next")}" start -H 127.0.0.1 -p ${port}`,
      cwd: `apps/${name}`,
      url,
      stdout: "pipe" as const,
      gracefulShutdown: { signal: "SIGTERM" as const, timeout: 5000 },
    },
  };
}
