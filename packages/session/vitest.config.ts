import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { testsWithoutPlatform } from "./vitest.once.ts";

// What the shell holds must not decide a test: each sets the secret it is about.
delete process.env.SESSION_SECRET;
delete process.env.SESSION_SECRET_FALLBACKS;

/** The command-line tool runs as built, and stores are independent of cryptography. */
const ONCE = ["test/cli.test.ts", "test/store/**", ...testsWithoutPlatform()];

/** One suite, run once on each implementation behind the package's `#…` imports. */
const suiteOn = (runtime: "node" | "web") => ({
  resolve: {
    alias: Object.fromEntries(
      ["runtime/events", "crypto/iron", "crypto/primitives"].map((seam) => [
        seam.replace(/.*\//, "#"),
        fileURLToPath(new URL(`./src/${seam}.${runtime}.ts`, import.meta.url)),
      ]),
    ),
  },
  test: {
    name: runtime,
    include: ["test/**/*.test.ts"],
    exclude: ["test/packed/**", ...(runtime === "node" ? [] : ONCE)],
    unstubEnvs: true,
    unstubGlobals: true,
    restoreMocks: true,
    // A property of 1,000 runs takes long where other programs need the processors.
    testTimeout: 30_000,
  },
});

export default defineConfig({
  test: {
    projects: [suiteOn("node"), suiteOn("web")],
    // Vitest leaves one processor free, which of two is half.
    maxWorkers: "100%",
    reporters: ["default", ["json", { outputFile: "test-results/unit.json" }]],
  },
});
