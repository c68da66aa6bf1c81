import type ts from "typescript-5";
import { type App, openApp } from "./app.ts";
import type { FilePlan, Plan } from "./plan.ts";

/** Adds what the compiler would say of the changed app, and does not say of the present one. */
export function addCompilerErrors(app: App, plan: Plan, texts: ReadonlyMap<string, string>): void {
  if (texts.size === 0) return;
  const { ts, folder } = app;
  const changed = openApp(ts, folder, texts, app);
  for (const { fileName } of changed.files) {
    const errors = errorsOf(changed, fileName);
    if (errors.length === 0) continue;
    const from = plan.created.get(fileName)?.from.getSourceFile().fileName ?? fileName;
    const before = errorsOf(app, from).map((error) => keyOf(app, error));
    for (const error of errors) {
      const known = before.indexOf(keyOf(app, error));
      if (known >= 0) before.splice(known, 1);
      else addError(app, plan, error);
    }
  }
}

function addError(app: App, plan: Plan, error: ts.DiagnosticWithLocation): void {
  const [file, start] = placeOf(app, plan, error);
  const lineOf = (offset: number) => file.source.getLineAndCharacterOfPosition(offset).line;
  const isKnown = file.byHand.some((place) => lineOf(place.start) === lineOf(start));
  if (isKnown) return;
  const advice = `TypeScript refuses this after the changes, perhaps because any key of a session can be absent: ${summaryOf(error)}`;
  file.byHand.push({ start, advice });
}

/** What an error says first, and no more than fits a few lines. */
function summaryOf({ messageText }: ts.Diagnostic): string {
  const text = typeof messageText === "string" ? messageText : messageText.messageText;
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function errorsOf(app: App, fileName: string): ts.DiagnosticWithLocation[] {
  const source = app.program.getSourceFile(fileName);
  const errors = source ? app.program.getSemanticDiagnostics(source) : [];
  return errors.filter((error) => error.file !== undefined) as ts.DiagnosticWithLocation[];
}

/** The same before and after the changes, wherever the line stands then. */
function keyOf({ ts }: App, { code, messageText }: ts.Diagnostic): string {
  return `${code} ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
}

/** In the files as they are now. A new file is as good as the options that it is made of. */
function placeOf(app: App, plan: Plan, error: ts.DiagnosticWithLocation): [FilePlan, number] {
  const made = plan.created.get(error.file.fileName);
  if (made) return [plan.for(made.from), made.from.getStart()];
  const file = plan.for(app.program.getSourceFile(error.file.fileName) as ts.SourceFile);
  return [file, file.originalOffset(error.start)];
}
