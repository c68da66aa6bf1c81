import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { documents, pathOf, readDocument, samplesOf } from "../support/samples.ts";
import { errorsOf } from "../support/tsc.ts";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const project = join(root, "packages/session/test-results/docs");

const COMPILED = ["ts", "tsx"];

/** The first cells of the FAQ's table rows that look like this, each with the row's second cell. */
function rowsOf(faq: string, cell: RegExp): [first: string, second: string][] {
  const rows = faq.matchAll(new RegExp(`^\\| \`(${cell.source})\` \\| ([^|]*) \\|`, "gm"));
  return [...rows].map(([, first = "", second = ""]) => [first, second.replaceAll("`", "")]);
}

/** TypeScript that compiles only if the FAQ lists each code, under its class, and each reason. */
function faqAsTypes(faq: string): string {
  const recordOf = (type: string, keys: readonly string[]) =>
    `({ ${keys.map((key) => `"${key}": true`).join(", ")} }) satisfies Record<${type}, true>;`;
  const codes = rowsOf(faq, /ERR_\w+/);
  const classes = [...new Set(codes.map(([, name]) => name))];
  return [
    `import type { RejectReason, SessionErrorCode, ${classes.join(", ")} } from "next-signed-session";`,
    recordOf(
      "SessionErrorCode",
      codes.map(([code]) => code),
    ),
    ...classes.map((name) =>
      recordOf(
        `${name}["code"]`,
        codes.filter(([, of]) => of === name).map(([code]) => code),
      ),
    ),
    recordOf(
      "RejectReason",
      rowsOf(faq, /[a-z-]+/).map(([reason]) => reason),
    ),
  ].join("\n");
}

/** Writes each sample as the file that its first line names, at the line it has in the document. */
function extract(document: string, markdown: string): void {
  const shown = new Map<string, string>();
  for (const { language, code, line } of samplesOf(markdown)) {
    if (!COMPILED.includes(language)) continue;
    const path = pathOf(code) ?? `line-${line}.${language}`;
    const first = join(project, document, path);
    // Shown once more, as it is after a change say.
    const file = existsSync(first) ? join(project, document, `line-${line}`, path) : first;
    const linked = code.replace(/(?<=")@\/[^"]+/g, (module) => shown.get(module) ?? module);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, "\n".repeat(line - 1) + linked);
    shown.set(`@/${path.replace(/\.tsx?$/, "")}`, file.replace(/\.tsx?$/, ""));
  }
}

/** What `tsc` has to say, with the package as it is built. */
function compile(): Promise<string[]> {
  const config = {
    extends: join(root, "tsconfig.base.json"),
    compilerOptions: {
      noEmit: true,
      module: "esnext",
      moduleResolution: "bundler",
      jsx: "react-jsx",
      noUnusedLocals: false,
      noUnusedParameters: false,
      paths: { "iron-session": [join(root, "node_modules/iron-session-9")] },
    },
    include: ["**/*.ts", "**/*.tsx", join(root, "docs/samples.d.ts")],
  };
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify(config, null, 2));
  return errorsOf(project, project);
}

/** A document of the test's own, to see that an error would be found. */
const WRONG = `# Wrong

\`\`\`ts
// app/actions.ts
import { defineSession } from "next-signed-session";

const { getSession } = defineSession<{ visits: number }>();
(await getSession()).visits = "1";
\`\`\`
`;

describe("the documents", () => {
  let errors: string[] = [];
  const errorsIn = (document: string) => errors.filter((line) => line.startsWith(`${document}/`));

  beforeAll(async () => {
    rmSync(project, { recursive: true, force: true });
    for (const document of documents) extract(document, readDocument(document));
    extract("wrong.md", WRONG);
    const faq = readDocument("docs/faq.md");
    const incomplete = faq.replace(/^\| `(expired|ERR_SESSION_STORE)` .*\n/gm, "");
    for (const [folder, text] of [
      ["faq", faq],
      ["wrong-faq", incomplete],
    ] as const) {
      mkdirSync(join(project, folder));
      writeFileSync(join(project, folder, "lists.ts"), faqAsTypes(text));
    }
    errors = await compile();
  }, 120_000);

  const withCode = documents.filter((document) =>
    samplesOf(readDocument(document)).some(({ language }) => COMPILED.includes(language)),
  );

  it.each(withCode)("%s: its samples compile", (document) => {
    expect(errorsIn(document)).toEqual([]);
  });

  it("reports a mistake in a sample with its line", () => {
    expect(errorsIn("wrong.md")).toEqual([
      expect.stringContaining("wrong.md/app/actions.ts(8,1): error TS2322"),
    ]);
  });

  it("have no sample that cannot be compiled for another reason", () => {
    const known = ["wrong.md", "faq", "wrong-faq", ...documents].flatMap(errorsIn);
    expect(errors.filter((line) => !known.includes(line))).toEqual([]);
  });

  it("list every error code under its class, and every reason for a refusal, in the FAQ", () => {
    expect(errorsIn("faq")).toEqual([]);
  });

  it("would not compile as a FAQ without one of the codes and one of the reasons", () => {
    expect(errorsIn("wrong-faq")).toEqual([
      expect.stringContaining("'ERR_SESSION_STORE' is missing"),
      expect.stringContaining("'ERR_SESSION_STORE' is missing"),
      expect.stringContaining("'expired' is missing"),
    ]);
  });

  it.each(documents)("%s: its links lead to files that are here", (document) => {
    const links = [...readDocument(document).matchAll(/\]\(([^)#\s]+)/g)].map(
      ([, link = ""]) => link,
    );
    const files = links.filter((link) => !/^https?:/.test(link));
    expect(files.filter((file) => !existsSync(join(root, dirname(document), file)))).toEqual([]);
  });

  it.each(withCode)(
    "%s: its pages wait for nothing outside <Suspense>, as Cache Components ask",
    (document) => {
      const waiting = samplesOf(readDocument(document)).filter(
        ({ code }) =>
          /\/(page|layout)\.tsx$/.test(pathOf(code) ?? "") && code.includes("export default async"),
      );
      expect(waiting.map(({ line }) => `line ${line}`)).toEqual([]);
    },
  );

  it.each(documents)("%s: every fence was found, and of a language that is checked", (document) => {
    const samples = samplesOf(readDocument(document));
    expect(samples).toHaveLength((readDocument(document).match(/^[> ]*```/gm) ?? []).length / 2);

    const languages = new Set(samples.map(({ language }) => language));
    for (const language of [...COMPILED, "sh"]) languages.delete(language);
    // The Flask application of this guide is the one that the browser tests run.
    if (document === "docs/guides/flask-and-next.md") languages.delete("py");
    expect([...languages]).toEqual([]);
  });
});
