import { readFileSync } from "node:fs";
import { join } from "node:path";
import { hasColors, visible } from "../terminal.ts";
import { type App, shortPath } from "./app.ts";
import { type Edit, edited, type FilePlan, type Plan, sorted } from "./plan.ts";

/** What the command found, and what it did about it. */
export interface MoveReport {
  /** Have the changes been made? */
  readonly isWritten: boolean;
  readonly created: readonly { readonly file: string; readonly text: string }[];
  readonly files: readonly FileReport[];
  /** What is to be done besides. */
  readonly left: readonly string[];
}

interface FileReport {
  readonly file: string;
  readonly changes: readonly Change[];
  readonly byHand: readonly Remark[];
  readonly notes: readonly Remark[];
}

/** Lines that become others. */
interface Change {
  readonly line: number;
  readonly was: readonly string[];
  readonly becomes: readonly string[];
}

interface Remark {
  readonly line: number;
  readonly code: string;
  readonly advice: string;
}

export function reportOf(app: App, plan: Plan, isWritten: boolean): MoveReport {
  const masked = (text: string) =>
    [...plan.secrets].reduce((masked, secret) => masked.replaceAll(secret, "…"), text);
  const created = [...plan.created].map(([file, { text }]) => ({
    file: shortPath(app, file),
    text: masked(text),
  }));
  const files = [...plan.files.values()]
    .map((file) => fileReport(app, file, masked))
    .filter(({ changes, byHand, notes }) => changes.length + byHand.length + notes.length > 0)
    .sort((a, b) => (a.file < b.file ? -1 : 1));
  return { isWritten, created, files, left: stepsAfter(app, files, created.length > 0) };
}

/** Is nothing in the code left to change? */
export function isDone({ files, isWritten }: MoveReport): boolean {
  return files.every(
    ({ changes, byHand }) => byHand.length === 0 && (isWritten || changes.length === 0),
  );
}

/** For programs. */
export function jsonReport(report: MoveReport): string {
  return JSON.stringify({ done: isDone(report), ...report }, undefined, 2);
}

/** For people. */
export function textReport(report: MoveReport): string {
  const { created, files, isWritten, left } = report;
  const lines: string[] = [];
  for (const { file, text } of created) {
    lines.push(bold(`${file} (new)`), ...text.trimEnd().split("\n").map(added), "");
  }
  for (const { file, changes, byHand, notes } of files) {
    for (const { line, was, becomes } of changes) {
      lines.push(bold(`${file}:${line}`), ...was.map(removed), ...becomes.map(added), "");
    }
    for (const remark of byHand) lines.push(...remarkLines(file, "By hand", remark));
    for (const remark of notes) lines.push(...remarkLines(file, "Note", remark));
  }
  const changeCount = files.reduce((sum, { changes }) => sum + changes.length, 0) + created.length;
  const byHandCount = files.reduce((sum, { byHand }) => sum + byHand.length, 0);
  if (changeCount + byHandCount > 0) {
    const verb = isWritten ? "were made" : "can be made with --write";
    lines.push(
      `${count(changeCount, "change")} ${verb}, ${count(byHandCount, "place")} to change by hand.`,
      "",
    );
  }
  lines.push(...left.map((step) => (created.length > 0 ? `- ${step}` : step)));
  return lines.join("\n").trimEnd();
}

function stepsAfter(app: App, files: readonly FileReport[], isMoving: boolean): string[] {
  const manifest = JSON.parse(readFileSync(join(app.folder, "package.json"), "utf8"));
  const has = (name: string) =>
    manifest.dependencies?.[name] !== undefined || manifest.devDependencies?.[name] !== undefined;
  const isUsed = files.length > 0;
  if (!isUsed && !has("iron-session")) return ["There is no iron-session in this folder."];
  if (!isUsed) return ["Nothing here imports iron-session: `npm uninstall iron-session`."];
  const isByHand = files.some(({ byHand }) => byHand.length > 0);
  return [
    ...(has("next-signed-session") ? [] : ["`npm install next-signed-session`"]),
    ...(isMoving
      ? [
          'Give the new cookies a secret, on each machine: `echo "SESSION_SECRET=$(npx next-signed-session secret)" >> .env.local`',
        ]
      : []),
    ...(isByHand
      ? [
          "Change the places that are marked “By hand” before you deploy: iron-session cannot read the new cookies, and would log users out.",
        ]
      : []),
    "`npm uninstall iron-session` when nothing imports it any more.",
    ...(isMoving ? ["Remove `accept` when the longest `ttl` has passed since the deploy."] : []),
    "What your users notice, and how to go back: the guide “From iron-session”, which the README links.",
  ];
}

function fileReport(app: App, plan: FilePlan, masked: (text: string) => string): FileReport {
  const { source } = plan;
  const lineOf = (offset: number) => source.getLineAndCharacterOfPosition(offset).line;
  const lineText = (line: number) => {
    const [start = 0, end] = source.getLineStarts().slice(line, line + 2);
    return masked(source.text.slice(start, end).trim());
  };
  const remarks = plan.byHand
    .map(({ start, advice, isNote }) => {
      const line = lineOf(start);
      return { line: line + 1, code: lineText(line), advice: masked(advice), isNote };
    })
    .sort((a, b) => a.line - b.line);
  const without = ({ line, code, advice }: Remark): Remark => ({ line, code, advice });
  return {
    file: shortPath(app, source.fileName),
    changes: changesOf(plan, masked),
    byHand: remarks.filter(({ isNote }) => !isNote).map(without),
    notes: remarks.filter(({ isNote }) => isNote).map(without),
  };
}

/** The edits, those on the same lines together. */
function changesOf({ source, edits }: FilePlan, masked: (text: string) => string): Change[] {
  const { text } = source;
  const groups: { start: number; end: number; edits: Edit[] }[] = [];
  for (const edit of sorted(edits)) {
    const start = text.lastIndexOf("\n", edit.start - 1) + 1;
    const lineEnd = text.indexOf("\n", Math.max(edit.start, edit.end - 1));
    const end = Math.max(lineEnd < 0 ? text.length : lineEnd, edit.end);
    const group = groups.at(-1);
    if (group && start < group.end) {
      group.end = Math.max(group.end, end);
      group.edits.push(edit);
    } else groups.push({ start, end, edits: [edit] });
  }
  return groups.map((group) => ({
    line: source.getLineAndCharacterOfPosition(group.start).line + 1,
    was: linesOf(masked(text.slice(group.start, group.end))),
    becomes: linesOf(masked(edited(text, group))),
  }));
}

function linesOf(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => line.trim());
}

function remarkLines(file: string, kind: string, { line, code, advice }: Remark): string[] {
  return [bold(`${file}:${line}`), `    ${shown(code)}`, `  ${yellow(kind)}: ${shown(advice)}`, ""];
}

const shown = (line: string) => visible(line.replaceAll("\t", "  "));
const removed = (line: string) => colored(31, `  - ${shown(line)}`);
const added = (line: string) => colored(32, `  + ${shown(line)}`);
const yellow = (text: string) => colored(33, text);
const bold = (text: string) => colored(1, text);

function colored(code: number, text: string): string {
  return hasColors() ? `\u001b[${code}m${text}\u001b[0m` : text;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
