#!/usr/bin/env node
import { randomBytes } from "node:crypto";
import { inspectCommand } from "./cli/inspect-command.ts";
import { visible } from "./cli/terminal.ts";
import { CommandError, USAGE, UsageError } from "./cli/usage.ts";
import { SessionError } from "./errors/errors.ts";
import { VERSION } from "./runtime/version.ts";

async function run([command, ...rest]: string[]): Promise<number> {
  const asksForHelp = rest.some((argument) => argument === "--help" || argument === "-h");
  if (asksForHelp || command === "help" || command === "--help" || command === "-h") {
    console.log(USAGE);
    return 0;
  }
  switch (command) {
    case "secret":
      if (rest.length > 0) throw new UsageError("secret takes no arguments.");
      console.log(randomBytes(32).toString("base64url"));
      return 0;
    case "inspect":
      return inspectCommand(rest);
    case "from-iron-session": {
      const { moveCommand } = await import("./cli/from-iron-session/command.ts");
      return moveCommand(rest);
    }
    case "--version":
    case "-v":
      console.log(VERSION);
      return 0;
    default:
      throw new UsageError(command ? `There is no command ${command}.` : "A command is missing.");
  }
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  const isUsage = error instanceof UsageError || error instanceof TypeError;
  const isExpected = error instanceof CommandError || error instanceof SessionError;
  if (!isUsage && !isExpected) throw error;
  const message = visible(error.message);
  console.error(isUsage ? `${message}\n\n${USAGE}` : message);
  process.exitCode = 2;
}
