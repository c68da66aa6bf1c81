import type { NextConfig } from "next";

/** What cannot live in one app with the other fixture: Cache Components, and middleware.ts for proxy.ts. */
const config: NextConfig = {
  cacheComponents: true,
  partialPrefetching: true,
  experimental: {
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
