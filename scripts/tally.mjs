// Adds up what the test runners reported, so that one line can say it all.
import { existsSync } from "node:fs";
import { readJson } from "./toolchain.mjs";

/** @typedef {{ passed: number, failed: number, skipped: number }} Tally */

/**
 * A step that failed without a failed test to show for it (a type error, a crash, a report that
 * was never written) counts as one failure: a red run never reads "0 failed".
 * @param {number} exitCode of the step
 * @param {Tally[]} reports of its tests
 * @returns {Tally}
 */
export function tallyStep(exitCode, reports) {
  const sum = sumOf(reports);
  if (exitCode !== 0 && sum.failed === 0) return { ...sum, failed: 1 };
  return sum;
}

/** @param {Tally[]} tallies @returns {Tally} */
export function sumOf(tallies) {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const tally of tallies) {
    sum.passed += tally.passed;
    sum.failed += tally.failed;
    sum.skipped += tally.skipped;
  }
  return sum;
}

/** From Vitest's JSON reporter. @returns {Tally} */
export function tallyVitest(/** @type {string} */ file) {
  if (!existsSync(file)) return missing(file);
  const report = readJson(file);
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** From Playwright's JSON reporter. @returns {Tally} */
export function tallyPlaywright(/** @type {string} */ file) {
  if (!existsSync(file)) return missing(file);
  const { stats } = readJson(file);
  return {
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky,
    skipped: stats.skipped,
  };
}

function missing(/** @type {string} */ file) {
  console.error(`There is no report at ${file}: its tests did not run.`);
  return { passed: 0, failed: 1, skipped: 0 };
}

/** @returns {string} */
export function verdict(/** @type {Tally} */ { passed, failed, skipped }) {
  const counts = `${passed} passed, ${failed} failed`;
  return skipped === 0 ? counts : `${counts}, ${skipped} skipped`;
}
