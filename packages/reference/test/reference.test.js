import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const project = fileURLToPath(new URL("../", import.meta.url));
const committed = fileURLToPath(new URL("../../../docs/api/", import.meta.url));
const typedoc = join(
  dirname(createRequire(import.meta.url).resolve("typedoc/package.json")),
  "bin/typedoc",
);

describe("the API reference", () => {
  const made = mkdtempSync(join(tmpdir(), "next-signed-session-reference-"));
  let printed = "";

  beforeAll(() => {
    const args = [typedoc, "--out", made];
    const { stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: project,
      encoding: "utf8",
    });
    printed = stdout + stderr;
  }, 120_000);

  afterAll(() => rmSync(made, { recursive: true, force: true }));

  it("is made without a warning: every type that it names is in it, and no link is broken", () => {
    expect(printed).not.toMatch(/warning|error/);
    expect(pages(made)).toContain("next-signed-session.md");
  });

  it("is committed as the docstrings have it now (if not: npm run docs)", () => {
    expect(pages(committed)).toEqual(pages(made));
    for (const page of pages(made)) {
      expect(readFileSync(join(committed, page), "utf8")).toBe(
        readFileSync(join(made, page), "utf8"),
      );
    }
  });
});

/** @param {string} folder */
function pages(folder) {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .sort();
}
