import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { vi } from "vitest";
import { runCommand } from "../../src/cli/run-command.ts";

const cli = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
if (!existsSync(cli)) throw new Error("The command is tested as built: `npm run build` first.");

export interface Finished {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

interface Surroundings {
  readonly environment?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly folder?: string;
}

/** Runs the command in this process, which starts a program and loads TypeScript only once. */
export async function runHere(
  args: string[],
  environment: Surroundings["environment"] = {},
): Promise<Finished> {
  const printed = { stdout: "", stderr: "" };
  const variables = { NO_COLOR: "1", FORCE_COLOR: undefined, ...environment };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  try {
    const code = await runCommand(args, {
      log(text) {
        printed.stdout += `${text}\n`;
      },
      error(text) {
        printed.stderr += `${text}\n`;
      },
    });
    return { ...printed, code };
  } finally {
    vi.unstubAllEnvs();
  }
}

/** Runs the command as it is built. */
export function runBuilt(args: string[], surroundings: Surroundings = {}): Promise<Finished> {
  return runNode([cli, ...args], surroundings);
}

/** Runs Node.js with these arguments, in an environment that has no more than is given. */
export async function runNode(
  args: string[],
  { environment, input = "", folder }: Surroundings,
): Promise<Finished> {
  const env = { PATH: process.env.PATH, ...environment };
  const running = promisify(execFile)(process.execPath, args, { env, cwd: folder });
  running.child.stdin?.end(input);
  const { stdout, stderr, code } = await running.then(
    (output) => ({ ...output, code: 0 }),
    (failure) => failure as Finished,
  );
  return { stdout, stderr, code };
}
