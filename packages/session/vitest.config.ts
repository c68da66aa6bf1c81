import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { testsThatReplaceModules, testsWithoutPlatform } from "./vitest.files.ts";

// What the shell holds must not decide a test: each sets the secret it is about.
delete process.env.SESSION_SECRET;
delete process.env.SESSION_SECRET_FALLBACKS;

/** The command-line tool runs as built, and stores are independent of cryptography. */
const ONCE = ["test/cli.test.ts", "test/cli/**", "test/store/**", ...testsWithoutPlatform()];

const ISOLATED = testsThatReplaceModules();

/** Test files on one implementation of the package's `#…` imports. */
const project = (runtime: "node" | "web", isolate: boolean) => ({
  resolve: {
    alias: Object.fromEntries(
      ["runtime/events", "crypto/aes", "crypto/primitives"].map((seam) => [
        seam.replace(/.*\//, "#"),
        fileURLToPath(new URL(`./src/${seam}.${runtime}.ts`, import.meta.url)),
      ]),
    ),
  },
  test: {
    name: isolate ? `${runtime}, isolated` : runtime,
    include: isolate ? ISOLATED : ["test/**/*.test.ts"],
    exclude: ["test/packed/**", ...(isolate ? [] : ISOLATED), ...(runtime === "node" ? [] : ONCE)],
    // A process for each file would spend a third of the time on importing the same modules.
    isolate,
    pool: isolate ? "threads" : "forks",
    // The code that the properties are about is the same on both platforms.
    env: runtime === "web" ? { PROPERTY_RUNS: process.env.PROPERTY_RUNS ?? "100" } : {},
    unstubEnvs: true,
    unstubGlobals: true,
    restoreMocks: true,
    // A property of 1,000 runs takes long where other programs need the processors.
    testTimeout: 30_000,
  },
});

export default defineConfig({
  test: {
    projects: [
      project("node", false),
      project("node", true),
      project("web", false),
      project("web", true),
    ],
    // More than there are processors: many tests wait for a server, a timer or another process.
    maxWorkers: 2 * availableParallelism(),
    reporters: ["default", ["json", { outputFile: "test-results/unit.json" }]],
  },
});
