import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative, resolve } from "node:path";
import type ts from "typescript-5";
import { CommandError } from "../usage.ts";

/** TypeScript's own API, which versions 5 and 6 have. */
export type TypeScript = typeof ts;

/** An app's source files, with their types. */
export interface App {
  readonly ts: TypeScript;
  readonly folder: string;
  readonly program: ts.Program;
  readonly checker: ts.TypeChecker;
  /** The app's own files. */
  readonly files: readonly ts.SourceFile[];
}

const EXTENSIONS = [".ts", ".tsx", ".mts", ".js", ".jsx", ".mjs"];

/** Folders that programs write. */
const GENERATED = ["node_modules", "**/node_modules", "**/.*/", "dist", "out", "build", "coverage"];

/** The app's own TypeScript, or the one that npx put beside this package. */
export function loadTypeScript(folder: string): TypeScript {
  for (const from of [join(resolve(folder), "package.json"), import.meta.url]) {
    try {
      const found = createRequire(from)("typescript") as TypeScript;
      if (typeof found.createProgram === "function") return found;
    } catch {
      // The next place may have it.
    }
  }
  throw new CommandError(
    "from-iron-session reads an app with the TypeScript API of versions 5 and 6, and neither is installed here. This brings one along, and installs nothing in the app: npx -p typescript@5 -p next-signed-session next-signed-session from-iron-session",
  );
}

/**
 * Reads an app, whatever its tsconfig.json includes.
 *
 * @param changed The text of files that differ from the disk, or are not on it, by their path.
 * @param before The app as it is on the disk, which then is not read again.
 */
export function openApp(
  ts: TypeScript,
  given: string,
  changed: ReadonlyMap<string, string> = new Map(),
  before?: App,
): App {
  const folder = ts.sys.resolvePath(given).replace(/\/$/, "");
  const options = { ...compilerOptions(ts, folder), ...FORCED };
  const host = ts.createCompilerHost(options, true);
  const { readFile, fileExists } = host;
  host.readFile = (file) => changed.get(file) ?? readFile(file);
  host.fileExists = (file) => changed.has(file) || fileExists(file);
  host.getSourceFile = (file, languageVersion) => {
    const known = changed.has(file) ? undefined : before?.program.getSourceFile(file);
    if (known) return known;
    const text = host.readFile(file);
    if (text === undefined) return undefined;
    // Only the app's own files are walked upwards before the checker has seen them.
    const setParentNodes = !file.includes("/node_modules/");
    return ts.createSourceFile(file, text, languageVersion, setParentNodes);
  };
  host.resolveModuleNameLiterals = (names, importer, redirected, settings) =>
    names.map(({ text }) => {
      const found = ts.resolveModuleName(text, importer, settings, host, undefined, redirected);
      return !found.resolvedModule && text === "next-signed-session" ? ownTypes() : found;
    });
  const found = ts.sys.readDirectory(folder, EXTENSIONS, GENERATED);
  const names = [...new Set([...found, ...changed.keys()])];
  const program = ts.createProgram(names, options, host);
  const files = names.flatMap((name) => program.getSourceFile(name) ?? []);
  return { ts, folder, program, checker: program.getTypeChecker(), files };
}

/** A path as the report shows it. */
export function shortPath({ folder }: Pick<App, "folder">, file: string): string {
  return relative(folder, file).replaceAll("\\", "/");
}

const FORCED: ts.CompilerOptions = {
  allowJs: true,
  checkJs: false,
  noEmit: true,
  skipLibCheck: true,
  composite: false,
  incremental: false,
  // The linter reports what is unused.
  noUnusedLocals: false,
  noUnusedParameters: false,
};

function compilerOptions(ts: TypeScript, folder: string): ts.CompilerOptions {
  const config = ["tsconfig.json", "jsconfig.json"]
    .map((name) => join(folder, name))
    .find(existsSync);
  if (config === undefined) return defaultsOf(ts);
  const { config: json } = ts.readConfigFile(config, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(json ?? {}, ts.sys, folder, undefined, config);
  return config.endsWith("jsconfig.json") ? { ...defaultsOf(ts), ...options } : options;
}

const defaultsOf = (ts: TypeScript): ts.CompilerOptions => ({
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  target: ts.ScriptTarget.ESNext,
  jsx: ts.JsxEmit.Preserve,
});

/** This package's own types, for an app that has not installed it yet. */
function ownTypes(): ts.ResolvedModuleWithFailedLookupLocations {
  const manifest = createRequire(import.meta.url).resolve("next-signed-session/package.json");
  const resolvedFileName = join(manifest, "../dist/index.d.ts");
  const resolvedModule = { resolvedFileName, isExternalLibraryImport: true, extension: ".d.ts" };
  return { resolvedModule } as ts.ResolvedModuleWithFailedLookupLocations;
}
