import { execFile } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const MODULES = here("../../../../node_modules");

const TSCONFIG = {
  compilerOptions: {
    target: "ES2022",
    lib: ["dom", "esnext"],
    module: "esnext",
    moduleResolution: "bundler",
    strict: true,
    noEmit: true,
    jsx: "react-jsx",
    skipLibCheck: true,
    esModuleInterop: true,
    types: ["node"],
    paths: { "@/*": ["./*"] },
  },
};

interface Setup {
  readonly ironSession?: 8 | 9 | "none";
  /** Which of the packages in this repository is `typescript` there. */
  readonly typescript?: "typescript-5" | "typescript" | "none";
  readonly tsconfig?: object | "none";
  readonly manifest?: object;
}

/** An app that uses iron-session, in a folder of its own. */
export class IronApp {
  readonly folder = mkdtempSync(join(tmpdir(), "next-signed-session-iron-"));

  constructor(files: Record<string, string>, setup: Setup = {}) {
    const { ironSession = 8, typescript = "typescript-5", tsconfig = TSCONFIG, manifest } = setup;
    this.#write(
      "package.json",
      JSON.stringify(manifest ?? { dependencies: { "iron-session": "*" } }),
    );
    if (tsconfig !== "none") this.#write("tsconfig.json", JSON.stringify(tsconfig));
    for (const [path, text] of Object.entries(files)) this.#write(path, text);
    mkdirSync(join(this.folder, "node_modules"));
    for (const name of ["next", "react", "react-dom", "@types"]) this.#link(name, name);
    if (ironSession !== "none") this.#link("iron-session", `iron-session-${ironSession}`);
    if (typescript !== "none") this.#link("typescript", typescript);
    symlinkSync(here("../.."), join(this.folder, "node_modules/next-signed-session"), "junction");
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), "utf8");
  }

  /** Each file of the app, with its text. */
  files(): Record<string, string> {
    const names = readdirSync(this.folder, { recursive: true, encoding: "utf8" });
    const own = names.filter((name) => !name.startsWith("node_modules") && /\.\w+$/.test(name));
    return Object.fromEntries(own.sort().map((name) => [name, this.read(name)]));
  }

  /** Runs the command in the app's folder. */
  async move(...args: string[]): Promise<{ stdout: string; stderr: string; code: number }> {
    return this.run([here("../../dist/cli.js"), "from-iron-session", ...args]);
  }

  async run(args: string[], env: Record<string, string> = {}) {
    const options = { cwd: this.folder, env: { PATH: process.env.PATH, ...env } };
    return promisify(execFile)(process.execPath, args, options).then(
      (output) => ({ ...output, code: 0 }),
      (failure) => failure as { stdout: string; stderr: string; code: number },
    );
  }

  #write(path: string, text: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  #link(name: string, target: string): void {
    symlinkSync(join(MODULES, target), join(this.folder, "node_modules", name), "junction");
  }
}
