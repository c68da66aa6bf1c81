// Loaded into the server under `npm run soak`: reports its memory when asked, and what nobody caught.
import { subscribe } from "node:diagnostics_channel";

/** @type {string[]} */
const unhandled = [];
process.on("unhandledRejection", (reason) => unhandled.push(String(reason)));

process.on("message", () => {
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  process.send?.({ heapUsed, rss, unhandled });
});

// `--leak`: what a server would do that kept something of each request.
if (process.env.SOAK_LEAK) {
  /** @type {unknown[]} */
  const kept = [];
  subscribe("http.server.request.start", () => kept.push(new Array(8000).fill(Math.random())));
}

// `--reject`: a promise that nobody waits for.
if (process.env.SOAK_REJECT) setTimeout(() => Promise.reject(new Error("of nobody")), 3000);
