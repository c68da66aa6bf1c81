import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

const root = import.meta.dirname;

/** The modules that have one implementation for Node and one for the web. */
const PLATFORM_MODULES = ["#aes", "#primitives"];

/** The test files that import no platform module, not even through others: they have one runtime. */
export function testsWithoutPlatform(): string[] {
  return testFiles((file) => !modulesBelow(file).some((name) => PLATFORM_MODULES.includes(name)));
}

/** The test files that replace or reload modules, which other files in the same process would get. */
export function testsThatReplaceModules(): string[] {
  return testFiles((file) => /\bvi\.(doMock|mock|resetModules)\(/.test(readFileSync(file, "utf8")));
}

function testFiles(isWanted: (file: string) => boolean): string[] {
  return readdirSync(join(root, "test"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => join(root, "test", file))
    .filter(isWanted)
    .map((file) => relative(root, file));
}

/** What a file imports, and what those import in turn. */
function modulesBelow(file: string, found = new Set<string>()): string[] {
  for (const module of importsOf(file)) {
    if (found.has(module)) continue;
    found.add(module);
    if (module.endsWith(".ts")) modulesBelow(module, found);
  }
  return [...found];
}

/** Types are gone once compiled, so they do not count. */
function importsOf(file: string): string[] {
  const statements = readFileSync(file, "utf8").matchAll(
    /^(?:import|export) (?!type )(?:[^;"]*? from )?"([^"]+)"|\bimport\("([^"]+)"\)/gm,
  );
  return [...statements].map(([, module = "", later]) => {
    const name = later ?? module;
    return name.startsWith(".") ? join(dirname(file), name) : name;
  });
}
