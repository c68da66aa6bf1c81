import { defineConfig } from "vitest/config";

/** Apart from the other tests: it packs, which builds `dist` again, and builds an app. */
export default defineConfig({
  test: {
    include: ["test/packed/*.test.ts"],
    globalSetup: "test/packed/tarball.ts",
    reporters: ["default", ["json", { outputFile: "test-results/packed.json" }]],
  },
});
