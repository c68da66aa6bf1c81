import { readdirSync, readFileSync } from "node:fs";
import { join, posix, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

/** The folders of `src`, each with the folders that its files may import from. */
const FOLDERS: Record<string, readonly string[]> = {
  runtime: [],
  errors: [],
  cookie: [],
  crypto: ["runtime"],
  formats: ["crypto", "errors", "runtime"],
  session: ["formats", "errors"],
  store: ["errors", "runtime"],
  homes: ["session", "formats", "cookie", "store", "crypto", "errors", "runtime"],
  jars: ["cookie", "errors", "runtime"],
  options: ["homes", "store", "formats", "session", "cookie", "errors", "runtime"],
  browser: ["core", "errors"],
  core: ["options", "jars", "homes", "store", "formats", "session", "cookie", "errors", "runtime"],
  cli: ["options", "formats", "session", "cookie", "errors", "runtime"],
};

/** The package's entry points, which alone stand in `src` itself. */
const ENTRY_POINTS = [
  "cli.ts",
  "flask.ts",
  "index.browser.ts",
  "index.ts",
  "react.ts",
  "sqlite.ts",
  "testing.ts",
];

interface Import {
  readonly module: string;
  /** A type is gone once compiled. */
  readonly isType: boolean;
}

const folder = fileURLToPath(new URL("../../src/", import.meta.url));

const sources = new Map<string, readonly Import[]>(
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => [file, importsOf(file, readFileSync(folder + file, "utf8"))]),
);

function importsOf(file: string, source: string): Import[] {
  const statements = source.matchAll(
    /^(?:import|export) (type )?[^;"]*?from "([^"]+)";|import\("([^"]+)"\)/gm,
  );
  return [...statements].map(([, type, module = "", later]) => ({
    module: resolved(file, later ?? module),
    isType: type !== undefined,
  }));
}

function resolved(importer: string, module: string): string {
  return module.startsWith(".") ? posix.join(posix.dirname(importer), module) : module;
}

function folderOf(file: string): string {
  return file.split("/", 1)[0] as string;
}

function filesThatImport(isMeant: (module: string) => boolean): string[] {
  return [...sources.keys()]
    .filter((file) => sources.get(file)?.some(({ module }) => isMeant(module)))
    .sort();
}

/** The first cycle of imports that begins and ends with this file. */
function cycleFrom(file: string, path: string[] = []): string[] | undefined {
  if (path[0] === file) return [...path, file];
  if (path.includes(file)) return undefined;
  for (const { module, isType } of sources.get(file) ?? []) {
    const cycle = isType ? undefined : cycleFrom(module, [...path, file]);
    if (cycle) return cycle;
  }
  return undefined;
}

describe("src", () => {
  it("holds the entry points and one folder for each concept", () => {
    const inRoot = [...sources.keys()].filter((file) => !file.includes("/")).sort();
    expect(inRoot).toEqual(ENTRY_POINTS);
    const folders = [...sources.keys()].filter((file) => file.includes("/")).map(folderOf);
    expect([...new Set(folders)].sort()).toEqual(Object.keys(FOLDERS).sort());
  });

  it.each(Object.keys(FOLDERS))("imports into %s only what its rule names", (name) => {
    const forbidden = [...sources]
      .filter(([file]) => folderOf(file) === name)
      .flatMap(([file, imports]) => imports.map(({ module }) => ({ file, module })))
      .filter(({ module }) => sources.has(module))
      .filter(({ module }) => ![name, ...(FOLDERS[name] ?? [])].includes(folderOf(module)));
    expect(forbidden).toEqual([]);
  });

  it.each([...sources.keys()])("has no cycle of imports through %s", (file) => {
    expect(cycleFrom(file)).toBeUndefined();
  });

  it("imports Next in the jars and for the router, and elsewhere only as types of getSession's arguments", () => {
    expect(filesThatImport((module) => module.startsWith("next/"))).toEqual([
      "browser/provider.ts",
      "core/session-definition.ts",
      "jars/forwarded-request.ts",
      "jars/from-arguments.ts",
      "jars/next-api.ts",
      "jars/proxy.ts",
      "jars/rewrite.ts",
    ]);
  });

  it("imports node:diagnostics_channel behind #events alone", () => {
    expect(filesThatImport((module) => module === "node:diagnostics_channel")).toEqual([
      "runtime/events.node.ts",
    ]);
  });

  it("imports cryptography and compression behind #primitives and #aes alone", () => {
    const external = /^(node:(crypto|zlib)|iron-webcrypto|fflate)$/;
    expect(filesThatImport((module) => external.test(module))).toEqual([
      "cli/run-command.ts",
      "crypto/aes.node.ts",
      "crypto/primitives.node.ts",
      "crypto/primitives.web.ts",
      "formats/iron-session.ts",
    ]);
  });
});

const root = fileURLToPath(new URL("../../../../", import.meta.url));

const MOST_LINES = 300;

/** What is installed, built or recorded, which nobody reads. */
const NOT_WRITTEN = /^(\..*|node_modules|dist|coverage|test-results|playwright-report)$/;

/** The files of code in a folder of the repository. JSON is data. */
function codeIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !NOT_WRITTEN.test(name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return codeIn(path);
      return /\.([cm]?[jt]sx?|py)$/.test(entry.name) ? [path] : [];
    });
}

const linesOf = (file: string) => readFileSync(file, "utf8").split("\n").length - 1;

describe("the code of the repository", () => {
  it(`has ${MOST_LINES} lines in a file at most`, () => {
    const tooLong = ["packages", "apps", "examples", "scripts"]
      .flatMap((folder) => codeIn(join(root, folder)))
      .filter((file) => linesOf(file) > MOST_LINES)
      .map((file) => `${relative(root, file)} has ${linesOf(file)} lines`);
    const message =
      "Give each concept in such a file a file of its own. A test file is divided by its describes: beside core/session-manager.test.ts there are core/session-manager.size.test.ts and others.";
    expect(tooLong, message).toEqual([]);
  });
});
