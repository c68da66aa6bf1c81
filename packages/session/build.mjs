// One module for all that an app loads at once, and one for each part that it loads later. What two entries
// share must be in one module, or `instanceof` would fail.
import { readdirSync, rmSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { rolldown } from "rolldown";

const root = import.meta.dirname;
const src = join(root, "src");

const files = readdirSync(src, { recursive: true, encoding: "utf8" });
const entryPoints = files.filter((file) => /^\w+\.ts$/.test(file));
const platformModules = files.filter((file) => /\.(node|web)\.ts$/.test(file));

/** Dependencies, Next and the platform modules are found where the package is used. */
const external = (/** @type {string} */ id) => !id.startsWith(".") && !isAbsolute(id);

rmSync(join(root, "dist"), { recursive: true, force: true });
const core = await modulesBelow(["index.ts"]);
// The core imports the platform modules, so they must not import it.
const belowPlatforms = await modulesBelow(platformModules);
const bundle = await rolldown({
  input: inputOf([...entryPoints, ...platformModules]),
  external,
  platform: "neutral",
  onLog(level, log, report) {
    // "use client" stays at the top of its entry.
    if (log.code !== "MODULE_LEVEL_DIRECTIVE") report(level, log);
  },
});
await bundle.write({
  dir: join(root, "dist"),
  format: "esm",
  entryFileNames: "[name].js",
  chunkFileNames: "parts/[name].js",
  // Otherwise each set of modules that two entries share would be a file of its own.
  codeSplitting: {
    groups: [
      // All that the browser's entry shares with the others.
      { name: "errors", test: (id) => id === join(src, "errors/errors.ts"), priority: 3 },
      { name: "base", test: (id) => belowPlatforms.includes(id), priority: 2 },
      { name: "core", test: (id) => core.includes(id), priority: 1 },
    ],
  },
  sourcemap: true,
  // The sources are in the package.
  sourcemapExcludeSources: true,
});
await bundle.close();

/** Each file by its path in `dist`. */
function inputOf(/** @type {string[]} */ given) {
  return Object.fromEntries(given.map((file) => [file.replace(/\.ts$/, ""), join(src, file)]));
}

/** What these files import without `import()`, themselves excluded. */
async function modulesBelow(/** @type {string[]} */ given) {
  const bundle = await rolldown({ input: inputOf(given), external, platform: "neutral" });
  const { output } = await bundle.generate({ format: "esm" });
  await bundle.close();
  const chunks = output.filter((chunk) => chunk.type === "chunk");
  /** @type {Set<string>} */
  const names = new Set();
  const add = (/** @type {string} */ name) => {
    const chunk = chunks.find(({ fileName }) => fileName === name);
    if (!chunk || names.has(name)) return;
    names.add(name);
    chunk.imports.forEach(add);
  };
  for (const { fileName, isEntry } of chunks) if (isEntry) add(fileName);
  const modules = chunks.flatMap((chunk) => (names.has(chunk.fileName) ? chunk.moduleIds : []));
  return modules.filter((id) => !given.some((file) => id === join(src, file)));
}
