import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const table = readFileSync(join(root, "docs/asvs.md"), "utf8");

/** Every requirement of V3.3 and V7 in ASVS 5.0, with its level. */
const REQUIREMENTS = `
3.3.1:1 3.3.2:2 3.3.3:2 3.3.4:2 3.3.5:3
7.1.1:2 7.1.2:2 7.1.3:2
7.2.1:1 7.2.2:1 7.2.3:1 7.2.4:1
7.3.1:2 7.3.2:2
7.4.1:1 7.4.2:1 7.4.3:2 7.4.4:2 7.4.5:2
7.5.1:2 7.5.2:2 7.5.3:3
7.6.1:2 7.6.2:2
`;

const rows = [...table.matchAll(/^\| (\d\.\d\.\d) \| (\d) \| (.*) \| (.*) \| (.*) \|$/gm)].map(
  ([, requirement = "", level, , here = "", seenIn = ""]) => ({
    requirement: `${requirement}:${level}`,
    here,
    tests: [...seenIn.matchAll(/\[([^\]]+)\]\(([^)]+)\)/g)].map(([, title = "", path = ""]) => ({
      title,
      file: join("docs", path),
    })),
  }),
);

const links = rows.flatMap(({ requirement, tests }) =>
  tests.map(({ title, file }) => [requirement, title, file] as const),
);

/** How a file's source declares the test with this title: `it`, `it.each`, `test.skip`, … */
function declarationOf(title: string, source: string): string | undefined {
  const at = ['"', "'", "`"].map((quote) => source.indexOf(quote + title + quote));
  const found = at.find((index) => index >= 0);
  if (found === undefined) return undefined;
  const before = source.slice(0, found);
  return [...before.matchAll(/^\s*((?:it|test)(?:\.\w+)*)\b/gm)].at(-1)?.[1];
}

describe("the table of ASVS 5.0", () => {
  it("has each requirement of V3.3 and V7 once, in their order, with its level", () => {
    expect(rows.map(({ requirement }) => requirement)).toEqual(REQUIREMENTS.trim().split(/\s+/));
  });

  it("says of each whether it is met by default, by an option, or is the app's to do", () => {
    for (const { requirement, here } of rows) {
      expect(here, requirement).toMatch(/\*\*(By default|by default|By option|Yours to do)/);
    }
  });

  it("shows a test for each that is not only the app's to do", () => {
    for (const { requirement, here, tests } of rows) {
      if (!here.startsWith("**Yours to do")) expect(tests.length, requirement).toBeGreaterThan(0);
    }
  });

  it.each(links)("%s: the test “%s” is in %s and runs", (_, title, file) => {
    expect(existsSync(join(root, file)), file).toBe(true);
    // Where the runners look for tests.
    expect(file).toMatch(
      /^packages\/session\/test\/.*\.test\.ts$|^apps\/[\w-]+\/e2e\/.*\.spec\.ts$/,
    );
    const source = readFileSync(join(root, file), "utf8");
    const escaped = title.replaceAll('"', '\\"');
    expect(["it", "it.each", "test"]).toContain(declarationOf(escaped, source));
    // A skip or an only of any test above would keep it from running.
    expect(source).not.toMatch(/\b(it|describe|test)(\.describe)?\.(only|todo|fails)\b/);
  });

  it("would not be content with a test that is skipped or that is not there", () => {
    const source = 'it.skip(\n  "is sent", () => {});\nit("is read", () => {});';
    expect(declarationOf("is sent", source)).toBe("it.skip");
    expect(declarationOf("is read", source)).toBe("it");
    expect(declarationOf("is lost", source)).toBeUndefined();
  });
});
