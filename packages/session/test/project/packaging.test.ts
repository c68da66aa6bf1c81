import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { publint } from "publint";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { toolPath } from "../../../../scripts/toolchain.mjs";

const pkgDir = fileURLToPath(new URL("../../", import.meta.url));

/** As `npm pack --json` prints it. */
interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

describe("the package as npm packs it", () => {
  const folder = mkdtempSync(join(tmpdir(), "next-signed-session-"));
  let tarball = "";
  let files: Packed["files"] = [];

  beforeAll(() => {
    // Without `prepack`, which would rebuild what other tests are running right now.
    const args = ["pack", "--ignore-scripts", "--json", "--pack-destination", folder];
    const shell = process.platform === "win32";
    const output = execFileSync("npm", args, { cwd: pkgDir, encoding: "utf8", shell });
    const [packed] = Object.values<Packed>(JSON.parse(output));
    tarball = join(folder, packed?.filename ?? "");
    files = packed?.files ?? [];
  }, 60_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("has nothing that publint objects to", async () => {
    const { buffer } = new Uint8Array(readFileSync(tarball));
    const { messages } = await publint({ pack: { tarball: buffer }, strict: true });
    expect(messages).toEqual([]);
  });

  it("has types that every resolution of an ESM package finds, by are-the-types-wrong", () => {
    const attw = [toolPath("@arethetypeswrong/cli"), tarball, "--profile", "esm-only"];
    const offline = "--no-definitely-typed";
    const { stdout, status } = spawnSync(process.execPath, [...attw, offline], {
      encoding: "utf8",
    });
    expect(status, stdout).toBe(0);
  }, 60_000);

  it("holds the code, its sources for debuggers, the license, and nothing else", () => {
    const roots = new Set(files.map(({ path }) => path.split("/")[0]));
    // README.md is there once `prepack` has copied it.
    roots.delete("README.md");
    expect([...roots].sort()).toEqual(["LICENSE", "dist", "package.json", "src"]);
  });

  it("keeps the directive of the entry for client components at its top", () => {
    expect(readFileSync(join(pkgDir, "dist/react.js"), "utf8")).toMatch(/^"use client";/);
  });

  it("has stack traces with the lines of its sources", () => {
    const code = `import("next-signed-session").then(({ defineSession }) => defineSession({ secret: "short" }).encode({}))`;
    const { stderr } = spawnSync(process.execPath, ["--enable-source-maps", "-e", code], {
      cwd: pkgDir,
      encoding: "utf8",
    });
    expect(stderr).toMatch(/packages.session.src.options.secret-checks\.ts:\d+:\d+/);
  });
});
