// `npm run fuzz [-- tries]`: test/properties/*fuzz.test.ts with a million forged cookies on each runtime, 10,000
// changed sessions against real Flask, 10,000 cases of each long property, and a new seed. Also every order in which
// two, three and four parallel requests can reach a store.
// FUZZ_SEED repeats a run.
import { randomInt } from "node:crypto";
import { join } from "node:path";
import { command, install, root, runTool, Stop, toolEnvironment } from "./toolchain.mjs";

await command(async () => {
  const tries = Number(process.argv[2] ?? 1_000_000);
  if (!Number.isInteger(tries) || tries < 1) {
    throw new Stop(
      `"${process.argv[2]}" is no number of tries: give a whole one, such as 1000000.`,
    );
  }
  await install();
  const seed = process.env.FUZZ_SEED ?? String(randomInt(2 ** 31));
  const args = ["run", "--root", join(root, "packages/session"), "--reporter", "verbose"];
  const files = [
    "fuzz",
    "payload",
    "formats/flask/flask",
    "store/serializable",
    "store/user-sessions",
    "crypto/sha256",
  ];
  return runTool("vitest", [...args, "--test-timeout", "1200000", ...files], {
    env: {
      ...toolEnvironment(),
      FUZZ_TRIES: String(tries),
      FUZZ_SEED: seed,
      PROPERTY_RUNS: "10000",
    },
  });
});
