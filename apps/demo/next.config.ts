import type { NextConfig } from "next";

const config: NextConfig = {
  trailingSlash: true,
  // A fresh clone builds once: writing a cache for the next build takes a quarter of the time.
  experimental: { turbopackFileSystemCacheForBuild: false },
  // `npm run typecheck` does it, the tests included.
  typescript: { ignoreBuildErrors: true },
  // `import text from "./file.ts?raw"`: the pages show the very files that run.
  turbopack: { rules: { "*.ts": { condition: { query: "?raw" }, type: "text" } } },
};

export default config;
