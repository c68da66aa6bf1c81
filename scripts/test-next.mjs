// `npm run test:next [-- 15.5 16.0 canary]`: the packed package under release after release of Next.
// Each gets the README's app, built and driven over HTTP. For minutes, and so apart from `npm test`.
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { tallyStep, tallyVitest, verdict } from "./tally.mjs";
import { command, install, root, runTool, Stop, toolEnvironment } from "./toolchain.mjs";

/** A minor stands for its newest patch, `canary` for the newest canary; a full version for itself. */
const RELEASES = ["15.5", "16.0", "16.2", "16.4", "canary"];

const session = join(root, "packages/session");
const report = join(session, "test-results/packed.json");

await command(async () => {
  await install();
  const asked = process.argv.slice(2);
  const versions = published();
  const releases = (asked.length > 0 ? asked : RELEASES).map((name) => newest(name, versions));

  /** @type {[release: string, result: string][]} */
  const results = [];
  let failures = 0;
  for (const release of releases) {
    console.log(`\n== Next ${release} ==`);
    const tally = await test(release);
    const tolerated = tally.failed > 0 && release.includes("canary");
    if (!tolerated) failures += tally.failed;
    results.push([release, verdict(tally) + (tolerated ? " (a canary is allowed to fail)" : "")]);
  }

  console.log("\nThe packed package, under Next");
  for (const [release, result] of results) console.log(`  ${release.padEnd(18)} ${result}`);
  return failures === 0 ? 0 : 1;
});

/** @returns {Promise<import("./tally.mjs").Tally>} */
async function test(/** @type {string} */ release) {
  rmSync(report, { force: true });
  const args = ["run", "--root", session, "--config", "vitest.packed.config.ts", "packed.test"];
  const env = { ...toolEnvironment(), NEXT_RELEASES: release };
  return tallyStep(await runTool("vitest", args, { env }), [tallyVitest(report)]);
}

/** @returns {string[]} every version of Next that the registry has */
function published() {
  const args = ["view", "next", "versions", "--json"];
  const shell = process.platform === "win32";
  return JSON.parse(execFileSync("npm", args, { encoding: "utf8", shell }));
}

/**
 * @param {string} name
 * @param {string[]} versions
 * @returns {string}
 */
function newest(name, versions) {
  const isRelease = (/** @type {string} */ version) =>
    version === name || (version.startsWith(`${name}.`) && !version.includes("-"));
  const found = versions
    .filter(name === "canary" ? (version) => version.includes("-canary.") : isRelease)
    .sort((one, other) => one.localeCompare(other, "en", { numeric: true }))
    .at(-1);
  if (!found) throw new Stop(`The registry has no Next "${name}": give a minor, such as 16.4.`);
  return found;
}
