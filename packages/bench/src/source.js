import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const src = fileURLToPath(new URL("../../session/src/", import.meta.url));

/** The path of a module of the package that is not among its entries. */
export const sourcePath = (module) => join(src, module);

/** What such a module exports, built for Node. */
export async function importSource(module) {
  const folder = mkdtempSync(join(tmpdir(), "next-signed-session-bench-"));
  const outfile = join(folder, "module.mjs");
  try {
    await build({
      entryPoints: [sourcePath(module)],
      outfile,
      bundle: true,
      format: "esm",
      platform: "node",
      alias: { "#primitives": sourcePath("crypto/primitives.node.ts") },
      logLevel: "error",
    });
    return await import(pathToFileURL(outfile));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
