import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { DEFAULT_NAMES } from "../cookie/default-names.ts";
import { type Inspection, inspectCookie } from "../formats/inspect.ts";
import { toSeconds } from "../options/duration.ts";
import { checkedSecrets } from "../options/secret-checks.ts";
import { loadEnvironmentFiles } from "./environment.ts";
import { givenCookie } from "./given-cookie.ts";
import { isAccepted, jsonReport, textReport } from "./inspection-report.ts";
import type { Output } from "./output.ts";
import { UsageError } from "./usage.ts";

/** Gives the exit code. */
export async function inspectCommand(args: string[], output: Output): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      name: { type: "string" },
      "idle-timeout": { type: "string", default: "31" },
      json: { type: "boolean", default: false },
    },
  });
  if (positionals.length > 1) throw new UsageError("inspect takes one cookie.");
  const given = await cookieText(positionals[0]);
  const cookie = givenCookie(given, values.name);
  const now = Math.floor(Date.now() / 1000);
  const days = Number(values["idle-timeout"]);
  const idleTimeout = toSeconds("--idle-timeout", { days }, { least: 1, now });
  loadEnvironmentFiles();
  const secrets = process.env.SESSION_SECRET ? checkedSecrets(undefined) : [];

  const known = values.name ?? cookie.name;
  const found = await inspected(cookie.value, known ? [known] : DEFAULT_NAMES, secrets);
  const inspection = { ...found, value: cookie.value, secrets, now, idleTimeout };
  output.log(values.json ? jsonReport(inspection) : textReport(inspection));
  return isAccepted(inspection) ? 0 : 1;
}

/** The argument, or standard input if there is none and something is piped in. */
async function cookieText(argument: string | undefined): Promise<string> {
  const isPiped = argument === "-" || (argument === undefined && !process.stdin.isTTY);
  const given = isPiped ? await text(process.stdin) : (argument ?? "");
  if (!given.trim()) throw new UsageError("inspect needs a cookie.");
  return given;
}

/** The signature covers the name: where that is not given, the one that verifies is it. */
async function inspected(
  value: string,
  names: readonly string[],
  secrets: readonly string[],
): Promise<Inspection & { name: string }> {
  const found = await Promise.all(
    names.map(async (name) => ({ name, ...(await inspectCookie(value, name, secrets)) })),
  );
  const verified = found.find(({ secretIndex }) => secretIndex !== undefined);
  return verified ?? (found[0] as Inspection & { name: string });
}
