import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { toolPath } from "../../../../scripts/toolchain.mjs";

/** What `tsc` has to say of a project, one line for each error. */
export async function errorsOf(project: string, folder: string): Promise<string[]> {
  const args = [toolPath("typescript"), "-p", project, "--pretty", "false", "--checkers", "1"];
  // Several checkers would check the same types several times, and what ends soon needs no garbage collected.
  const options = { cwd: folder, env: { ...process.env, GOGC: "400" } };
  const { stdout } = await promisify(execFile)(process.execPath, args, options).catch(
    (error) => error,
  );
  return stdout.split("\n").filter(Boolean);
}
