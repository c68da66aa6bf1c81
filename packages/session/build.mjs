// One module for all that an app loads at once, and one for each part that it loads later: each file takes
// Node half a millisecond. What two entries share must be in one module, or `instanceof` would fail.
import { readdirSync, rmSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { rolldown } from "rolldown";

const root = import.meta.dirname;
const src = join(root, "src");

const entryPoints = readdirSync(src).filter((file) => file.endsWith(".ts"));
/** What Node and the edge do each in their way: all that is loaded at once is in `platform`. */
const platformModules = ["node", "web"].flatMap((platform) => [
  `platform.${platform}.ts`,
  `crypto/aes.${platform}.ts`,
]);
const loadedAtOnce = ["crypto/primitives", "runtime/events"];

/** Dependencies, Next and the platform modules are found where the package is used. */
const external = (/** @type {string} */ id) => !id.startsWith(".") && !isAbsolute(id);

/** @type {import("rolldown").Plugin} */
const platformPlugin = {
  name: "platform",
  resolveId: (id) => (id.startsWith(join(src, "platform.")) ? id : undefined),
  load(id) {
    if (!id.startsWith(join(src, "platform."))) return undefined;
    const suffix = id.slice(join(src, "platform").length);
    return loadedAtOnce.map((module) => `export * from "./${module}${suffix}";`).join("\n");
  },
};

/** @type {import("rolldown").InputOptions} */
const options = {
  external,
  platform: "neutral",
  plugins: [platformPlugin],
  onLog(level, log, report) {
    // "use client" stays at the top of its entry.
    if (log.code !== "MODULE_LEVEL_DIRECTIVE") report(level, log);
  },
};

rmSync(join(root, "dist"), { recursive: true, force: true });
const core = await modulesBelow(["index.ts"]);
// The core imports the platform modules, so they must not import it. The browser must not load it.
const belowOthers = await modulesBelow([...platformModules, "react.ts", "index.browser.ts"]);
const bundle = await rolldown({
  ...options,
  input: inputOf([...entryPoints, ...platformModules]),
});
await bundle.write({
  dir: join(root, "dist"),
  format: "esm",
  entryFileNames: "[name].js",
  chunkFileNames: "parts/[name].js",
  // Otherwise each set of modules that two entries share would be a file of its own.
  codeSplitting: {
    groups: [
      { name: "base", test: (id) => core.includes(id) && belowOthers.includes(id), priority: 2 },
      { name: "core", test: (id) => core.includes(id), priority: 1 },
    ],
  },
  sourcemap: true,
  // The sources are in the package, with their comments.
  sourcemapExcludeSources: true,
  comments: { jsdoc: false },
});
await bundle.close();

/** Each file by its path in `dist`. */
function inputOf(/** @type {string[]} */ given) {
  return Object.fromEntries(given.map((file) => [file.replace(/\.ts$/, ""), join(src, file)]));
}

/** What these files import without `import()`, themselves excluded. */
async function modulesBelow(/** @type {string[]} */ given) {
  const bundle = await rolldown({ ...options, input: inputOf(given) });
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
