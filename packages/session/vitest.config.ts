import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = (file: string) => fileURLToPath(new URL(`./src/${file}`, import.meta.url));

/** One suite, run once on each implementation behind the package's `#primitives` import. */
const suiteOn = (runtime: "node" | "web") => ({
  resolve: { alias: { "#primitives": source(`primitives.${runtime}.ts`) } },
  test: {
    name: runtime,
    include: ["test/**/*.test.ts"],
    // Warnings that depend on NODE_ENV and secrets are set by each test for itself.
    env: { SESSION_SECRET: "", SESSION_SECRET_FALLBACKS: "" },
    unstubEnvs: true,
    unstubGlobals: true,
    restoreMocks: true,
  },
});

export default defineConfig({
  test: { projects: [suiteOn("node"), suiteOn("web")] },
});
