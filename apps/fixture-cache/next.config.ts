import type { NextConfig } from "next";

/** As Next's guide to instant navigations has it, with what `instant()` of @next/playwright asks for. */
const config: NextConfig = {
  cacheComponents: true,
  partialPrefetching: true,
  experimental: {
    exposeTestingApiInProductionBuild: true,
    // Minifying, source maps and a cache for the next build take almost half of the time. The demo is minified.
    turbopackMinify: false,
    turbopackSourceMaps: false,
    turbopackFileSystemCacheForBuild: false,
  },
  // Each test loads the scripts again, and compressing them takes most of a page's time.
  compress: false,
  // `npm run typecheck` does it, the tests included.
  typescript: { ignoreBuildErrors: true },
};

export default config;
