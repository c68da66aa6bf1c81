import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const bench = fileURLToPath(new URL("bench.js", import.meta.url));
const edge = ["--conditions", "edge-light"];

/** The whole benchmark on each Node that Next supports, and on the edge build. */
for (const [version, ...flags] of [["20"], ["22"], ["24"], ["20", ...edge]]) {
  const args = ["--yes", "-p", `node@${version}`, "node", ...flags, bench];
  const { status } = spawnSync("npx", args, { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
