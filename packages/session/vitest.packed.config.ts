import { defineConfig } from "vitest/config";

/** Apart from the other tests: it packs, which builds `dist` anew, and builds two apps. */
export default defineConfig({
  test: {
    include: ["test/packed/packed.test.ts"],
    reporters: ["default", ["json", { outputFile: "test-results/packed.json" }]],
  },
});
