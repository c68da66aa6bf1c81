import { randomBytes } from "node:crypto";
import { SessionError } from "../errors/errors.ts";
import { VERSION } from "../runtime/version.ts";
import { inspectCommand } from "./inspect-command.ts";
import type { Output } from "./output.ts";
import { visible } from "./terminal.ts";
import { CommandError, USAGE, UsageError } from "./usage.ts";

/** Gives the exit code. */
export async function runCommand(args: string[], output: Output): Promise<number> {
  try {
    return await run(args, output);
  } catch (error) {
    const isUsage = error instanceof UsageError || error instanceof TypeError;
    const isExpected = error instanceof CommandError || error instanceof SessionError;
    if (!isUsage && !isExpected) throw error;
    const message = visible(error.message);
    output.error(isUsage ? `${message}\n\n${USAGE}` : message);
    return 2;
  }
}

async function run([command, ...rest]: string[], output: Output): Promise<number> {
  const asksForHelp = rest.some((argument) => argument === "--help" || argument === "-h");
  if (asksForHelp || command === "help" || command === "--help" || command === "-h") {
    output.log(USAGE);
    return 0;
  }
  switch (command) {
    case "secret":
      if (rest.length > 0) throw new UsageError("secret takes no arguments.");
      output.log(randomBytes(32).toString("base64url"));
      return 0;
    case "inspect":
      return inspectCommand(rest, output);
    case "from-iron-session": {
      const { moveCommand } = await import("./from-iron-session/command.ts");
      return moveCommand(rest, output);
    }
    case "--version":
    case "-v":
      output.log(VERSION);
      return 0;
    default:
      throw new UsageError(command ? `There is no command ${command}.` : "A command is missing.");
  }
}
