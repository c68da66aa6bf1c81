import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../../", import.meta.url));

/** The repository's pages, by their paths. */
export const documents: readonly string[] = [
  "README.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    // docs/api is made of docstrings, whose examples are excerpts.
    .filter((file) => file.endsWith(".md") && !file.startsWith("api"))
    .map((file) => `docs/${file}`)
    .sort(),
  "examples/README.md",
];

export const readDocument = (document: string): string =>
  readFileSync(join(root, document), "utf8");

export interface Sample {
  readonly language: string;
  readonly code: string;
  /** The document's line at which the code begins. */
  readonly line: number;
}

/** The fenced blocks of a document. */
export function samplesOf(markdown: string): Sample[] {
  const fences = markdown.matchAll(/^((?:> )?)```(\w*)\n(.*?)^\1```$/gms);
  return [...fences].map(({ 1: quote, 2: language = "", 3: code = "", index }) => ({
    language,
    code: quote ? code.replace(/^> ?/gm, "") : code,
    line: markdown.slice(0, index).split("\n").length + 1,
  }));
}

/** The file that a sample's first line names. */
export function pathOf(code: string): string | undefined {
  return /^\/\/ (\S+\.tsx?)\n/.exec(code)?.[1];
}
