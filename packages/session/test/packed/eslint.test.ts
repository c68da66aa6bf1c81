import { execFile } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { toolEnvironment } from "../../../../scripts/toolchain.mjs";
import { documents, pathOf, readDocument, samplesOf } from "../support/samples.ts";
import { npm, temporaryFolder } from "./packed-app.ts";
import { newest } from "./releases.ts";

const folder = temporaryFolder();

/** As create-next-app writes it. A sample that names no file is an excerpt: its file uses what it defines. */
const CONFIG = `
  import { defineConfig } from "eslint/config";
  import nextVitals from "eslint-config-next/core-web-vitals";
  import nextTs from "eslint-config-next/typescript";
  const excerpts = { files: ["**/excerpt.*"], rules: { "@typescript-eslint/no-unused-vars": "off" } };
  export default defineConfig([...nextVitals, ...nextTs, excerpts]);
`;

const LANGUAGES = ["ts", "tsx", "js", "jsx"];

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

let samples = 0;

beforeAll(async () => {
  write("package.json", '{ "private": true, "type": "module" }');
  write("eslint.config.mjs", CONFIG);
  for (const document of documents) {
    for (const { language, code, line } of samplesOf(readDocument(document))) {
      if (!LANGUAGES.includes(language)) continue;
      write(`${document}/line-${line}/${pathOf(code) ?? `excerpt.${language}`}`, code);
      samples++;
    }
  }
  const packages = [
    "eslint@^9",
    `eslint-config-next@${newest}`,
    "typescript@^5",
    `next@${newest}`,
    "react@^19",
    "react-dom@^19",
  ];
  await npm(folder, "install", "--prefer-offline", "--no-audit", "--no-fund", ...packages);
}, 300_000);

afterAll(() => rmSync(folder, { recursive: true }));

interface Result {
  readonly filePath: string;
  readonly messages: readonly { readonly ruleId: string | null; readonly message: string }[];
}

it("Next's ESLint config has no complaint about a sample in the docs", async () => {
  const eslint = join(folder, "node_modules/.bin/eslint");
  const options = { cwd: folder, env: toolEnvironment(), maxBuffer: 2 ** 26 };
  const { stdout } = await promisify(execFile)(eslint, [".", "--format", "json"], options).catch(
    (failed) => failed,
  );
  const results: Result[] = JSON.parse(stdout);
  const complaints = results.flatMap(({ filePath, messages }) =>
    messages.map(
      ({ ruleId, message }) => `${filePath.slice(folder.length + 1)}: ${ruleId} ${message}`,
    ),
  );
  expect(complaints).toEqual([]);
  // The configuration file is one more.
  expect(results).toHaveLength(samples + 1);
}, 120_000);
