import { existsSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Output } from "../output.ts";
import { CommandError, UsageError } from "../usage.ts";
import { type App, loadTypeScript, openApp } from "./app.ts";
import { planMove } from "./move.ts";
import { Names } from "./names.ts";
import type { Plan } from "./plan.ts";
import { isDone, jsonReport, reportOf, textReport } from "./report.ts";
import { addCompilerErrors } from "./type-check.ts";

/** Gives the exit code. */
export function moveCommand(args: string[], output: Output): number {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      write: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
    },
  });
  if (positionals.length > 1) throw new UsageError("from-iron-session takes one folder.");
  const folder = resolve(positionals[0] ?? ".");
  if (!existsSync(join(folder, "package.json"))) {
    throw new CommandError(`${folder} has no package.json: pass the folder of an app.`);
  }
  const app = openApp(loadTypeScript(folder), folder);
  assertInstalled(app);
  const plan = planMove(app, new Names(app));
  const texts = resultsOf(plan);
  addCompilerErrors(app, plan, texts);
  if (values.write) for (const [file, text] of texts) writeFileSync(file, text);
  const report = reportOf(app, plan, values.write);
  output.log(values.json ? jsonReport(report) : textReport(report));
  return isDone(report) ? 0 : 1;
}

/** Its types say which objects are sessions. */
function assertInstalled({ ts, program, folder, files }: App): void {
  const options = program.getCompilerOptions();
  const from = join(folder, "package.json");
  const uses = files.some(({ text }) => /\bfrom\s*["']iron-session["']/.test(text));
  const found = ts.resolveModuleName("iron-session", from, options, ts.sys).resolvedModule;
  if (uses && !found) {
    throw new CommandError(
      "iron-session is imported here and not installed. Its types say which objects are sessions: run `npm install` first.",
    );
  }
}

function resultsOf(plan: Plan): Map<string, string> {
  const texts = new Map([...plan.created].map(([path, { text }]) => [path, text]));
  for (const file of plan.files.values()) {
    if (file.edits.length > 0) texts.set(file.source.fileName, file.result());
  }
  return texts;
}
