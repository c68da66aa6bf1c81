import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/**
 * Minified and gzipped bytes of everything the app loads when it starts, without Node's and Next's
 * own modules; and of what it loads only when first used, through `import()`.
 */
export async function bundle(contents, condition, ...otherConditions) {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: root, sourcefile: "app.js" },
    bundle: true,
    minify: true,
    splitting: true,
    format: "esm",
    platform: condition === "node" ? "node" : "neutral",
    mainFields: ["module", "main"],
    conditions: [condition, ...otherConditions],
    external: ["node:*", "next/*", "crypto", "react"],
    // As in a production build of Next.
    define: { "process.env.NODE_ENV": '"production"' },
    // As installed: the workspace's own tsconfig.json would lead `#primitives` to its sources.
    tsconfigRaw: {},
    outdir: "out",
    absWorkingDir: root,
    metafile: true,
    write: false,
    logLevel: "error",
  });

  const chunks = metafile.outputs;
  const [entry] = Object.keys(chunks).filter((path) => chunks[path].entryPoint === "app.js");
  const atOnce = new Set();
  const add = (path) => {
    if (atOnce.has(path)) return;
    atOnce.add(path);
    for (const { path: next, kind, external } of chunks[path].imports) {
      if (!external && kind === "import-statement") add(next);
    }
  };
  add(entry);

  const contentsOf = (path) => outputFiles.find((file) => file.path === join(root, path)).contents;
  const files = Object.keys(chunks).map((path) => ({
    name: basename(path),
    contents: contentsOf(path),
    gzipped: gzipSync(contentsOf(path), { level: 9 }).length,
    isAtOnce: atOnce.has(path),
  }));
  const sum = (some) => some.reduce((bytes, { gzipped }) => bytes + gzipped, 0);
  return {
    files,
    entry: basename(entry),
    gzipped: sum(files.filter(({ isAtOnce }) => isAtOnce)),
    gzippedLater: sum(files.filter(({ isAtOnce }) => !isAtOnce)),
    loadedAtOnce: [...atOnce].flatMap((path) => Object.keys(chunks[path].inputs)),
  };
}
