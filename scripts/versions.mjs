// `npm run versions`: `changeset version`, and the package's new version in the examples, which are no workspaces.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { command, readJson, root, run } from "./toolchain.mjs";

await command(async () => {
  const code = await run("npx", ["changeset", "version"], { shell: process.platform === "win32" });
  if (code !== 0) return code;
  const { version } = readJson(join(root, "packages/session/package.json"));
  for (const name of readdirSync(join(root, "examples"))) {
    const file = join(root, "examples", name, "package.json");
    if (!existsSync(file)) continue;
    const manifest = readFileSync(file, "utf8");
    writeFileSync(file, manifest.replace(/("next-signed-session": )"[^"]*"/, `$1"^${version}"`));
  }
  return 0;
});
