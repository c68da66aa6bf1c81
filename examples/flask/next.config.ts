import type { NextConfig } from "next";

const flask = process.env.FLASK_URL ?? "http://127.0.0.1:5328";

const config: NextConfig = {
  cacheComponents: true,
  partialPrefetching: true,
  // The one port is that of Next.js, which passes on to Flask what is Flask's.
  rewrites: async () => [{ source: "/flask/:path*", destination: `${flask}/flask/:path*` }],
};

export default config;
