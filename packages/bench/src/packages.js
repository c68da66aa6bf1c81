import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL("..", import.meta.url));

/** Where an import of this package from this folder finds it. */
export function folderOf(name, from = here) {
  const folder = join(from, "node_modules", name);
  return existsSync(folder) ? folder : folderOf(name, dirname(from));
}

export function manifestOf(folder) {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}
