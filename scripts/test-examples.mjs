// `npm run test:examples [-- login redis]`: each example as a stranger copies it, installed from the packed package,
// started with its one command, and tested in a browser. For minutes, and so apart from `npm test`.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { ensureBrowser } from "./browser.mjs";
import { pythonWithFlask } from "./flask.mjs";
import { redisProgram } from "./redis.mjs";
import { tallyPlaywright, tallyStep, verdict } from "./tally.mjs";
import { command, install, root, runTool } from "./toolchain.mjs";

const report = join(root, "test-results/examples.json");

await command(async () => {
  rmSync(report, { force: true });
  await install();
  process.env.CHROMIUM = await ensureBrowser();
  pythonWithFlask();
  redisProgram();
  const config = join(root, "examples/e2e/playwright.config.ts");
  const exitCode = await runTool("playwright", ["test", "-c", config, ...process.argv.slice(2)]);
  const tally = tallyStep(exitCode, [tallyPlaywright(report)]);
  console.log(`\n${verdict(tally)}`);
  return exitCode;
});
