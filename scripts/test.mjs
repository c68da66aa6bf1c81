// `npm test`: from a fresh clone to a verdict, whose last line adds up every test there is.
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ensureBrowser } from "./browser.mjs";
import { pythonWithFlask, pythonWithStarlette } from "./flask.mjs";
import { sumOf, tallyPlaywright, tallyStep, tallyVitest, verdict } from "./tally.mjs";
import { command, install, readJson, root, runTool } from "./toolchain.mjs";

/**
 * @typedef {object} Step
 * @property {string} title
 * @property {() => Promise<number>} run answers the exit code
 * @property {string[]} [reports] the files its tests report to
 * @property {(report: string) => import("./tally.mjs").Tally} [tally] reads one of them
 */

const TASKS = ["lint", "typecheck", "typecheck:root", "build", "test", "test:packed"];

const TURBO_OPTIONS = [
  // Without it the first workspace that fails would hide the others.
  "--continue=dependencies-successful",
  // Each task has processes of its own, and some of the unit tests go by the clock.
  "--concurrency=4",
];

/** @type {Step[]} */
const steps = [
  {
    // One graph, as no task keeps all processors busy. The packed package is installed into an app of
    // its own, for what nothing else would find: a file that is not packed, a dependency that only
    // this repository has.
    title: "Lint, types, builds, unit tests and the packed package",
    run: () => runTool("turbo", ["run", ...TASKS, ...TURBO_OPTIONS]),
    reports: [...unitReports(), join(root, "packages/session/test-results/packed.json")],
    tally: tallyVitest,
  },
  {
    // Nothing else runs beside them, because they expect a browser to show things in time.
    title: "Browser tests",
    run: () => runTool("playwright", ["test", "--forbid-only"]),
    reports: [join(root, "test-results/e2e.json")],
    tally: tallyPlaywright,
  },
];

// Said on exit, so that nothing comes after it and an early end has a verdict too.
let total = { passed: 0, failed: 1, skipped: 0 };
process.on("exit", () => console.log(`\n${verdict(total)}`));

await command(async () => {
  // A report left by an earlier run must not be counted again.
  for (const report of steps.flatMap((step) => step.reports ?? [])) rmSync(report, { force: true });
  await install();
  process.env.CHROMIUM = await ensureBrowser();
  // Here, where nothing else runs yet, rather than in each of the processes that test with it.
  pythonWithFlask();
  pythonWithStarlette();

  /** @type {import("./tally.mjs").Tally[]} */
  const tallies = [];
  for (const step of steps) tallies.push(await take(step));
  total = sumOf(tallies);
  const failed = steps.filter((_, index) => tallies[index]?.failed !== 0);
  if (failed.length > 0) console.error(`\nFailed: ${failed.map((step) => step.title).join(", ")}`);
  return failed.length === 0 ? 0 : 1;
});

async function take(/** @type {Step} */ { title, run, reports = [], tally = tallyVitest }) {
  console.log(`\n== ${title} ==`);
  const started = performance.now();
  const exitCode = await run();
  console.log(`${title}: ${((performance.now() - started) / 1000).toFixed(1)} s`);
  return tallyStep(exitCode, reports.map(tally));
}

/** One for each workspace that has a `test` script. */
function unitReports() {
  return ["packages", "apps"]
    .flatMap((group) => readdirSync(join(root, group)).map((name) => join(root, group, name)))
    .filter((workspace) => readJson(join(workspace, "package.json")).scripts?.test)
    .map((workspace) => join(workspace, "test-results/unit.json"));
}
