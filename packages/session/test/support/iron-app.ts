import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Finished, runBuilt, runHere } from "./command.ts";

const folders: string[] = [];

/** For `afterAll`: test files share a process. */
export function removeIronApps(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const MODULES = here("../../../../node_modules");
const TYPESCRIPT_5 = here("typescript-5.cjs");

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

/** Types that take long to load, in an app that needs none of them. */
const SMALL = { compilerOptions: { ...TSCONFIG.compilerOptions, lib: ["es2022"], types: [] } };

/** What the command prints with --json. */
export interface Report {
  readonly done: boolean;
  readonly isWritten: boolean;
  readonly created: readonly { readonly file: string; readonly text: string }[];
  readonly files: readonly {
    readonly file: string;
    readonly changes: readonly { readonly line: number; readonly was: string[] }[];
    readonly byHand: readonly { readonly line: number; readonly advice: string }[];
  }[];
  readonly left: readonly string[];
}

/** What is to be done by hand, as `file:line advice`. */
export const byHand = ({ files }: Report): string[] =>
  files.flatMap(({ file, byHand }) =>
    byHand.map(({ line, advice }) => `${file}:${line} ${advice}`),
  );

interface Setup {
  readonly ironSession?: 8 | 9 | "none";
  /** Which of the packages in this repository is `typescript` there. */
  readonly typescript?: "typescript-5" | "typescript" | "none";
  readonly tsconfig?: object | "none";
  readonly manifest?: object;
  readonly isSmall?: boolean;
}

/** An app that uses iron-session, in a folder of its own. */
export class IronApp {
  readonly folder = mkdtempSync(join(tmpdir(), "next-signed-session-iron-"));

  constructor(files: Record<string, string>, setup: Setup = {}) {
    folders.push(this.folder);
    const { ironSession = 8, typescript = "typescript-5", manifest, isSmall = false } = setup;
    const { tsconfig = isSmall ? SMALL : TSCONFIG } = setup;
    this.#write(
      "package.json",
      JSON.stringify(manifest ?? { dependencies: { "iron-session": "*" } }),
    );
    if (tsconfig !== "none") this.#write("tsconfig.json", JSON.stringify(tsconfig));
    for (const [path, text] of Object.entries(files)) this.#write(path, text);
    mkdirSync(join(this.folder, "node_modules"), { recursive: true });
    if (isSmall) {
      const cookies = "export declare function cookies(): Promise<any>;";
      this.#write("node_modules/next/headers.d.ts", cookies);
      const types = "export declare function defineSession<Data>(options: object): any;";
      this.#write("node_modules/next-signed-session/index.d.ts", types);
    } else {
      const names = ["next", "react", "react-dom", "@types", "next-signed-session"];
      for (const name of names) this.#link(name, name);
    }
    if (ironSession !== "none") this.#link("iron-session", `iron-session-${ironSession}`);
    if (typescript === "typescript") this.#link("typescript", "typescript");
    if (typescript === "typescript-5") {
      const shared = `module.exports = require(${JSON.stringify(TYPESCRIPT_5)});`;
      this.#write("node_modules/typescript/index.js", shared);
    }
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), "utf8");
  }

  /** An app without the types of Next, React and Node, which take seconds to load. */
  static small(files: Record<string, string>, setup: Setup = {}): IronApp {
    return new IronApp(files, { ...setup, isSmall: true });
  }

  /** Each file of the app, with its text. */
  files(): Record<string, string> {
    const names = readdirSync(this.folder, { recursive: true, encoding: "utf8" });
    const own = names.filter((name) => !name.startsWith("node_modules") && /\.\w+$/.test(name));
    return Object.fromEntries(own.sort().map((name) => [name, this.read(name)]));
  }

  /** Runs the command as built, in the app's folder. */
  async moveAsBuilt(...args: string[]): Promise<Finished> {
    return runBuilt(["from-iron-session", ...args], { folder: this.folder });
  }

  /** Runs the command with the app's folder. */
  async move(...args: string[]): Promise<Finished> {
    return runHere(["from-iron-session", this.folder, ...args]);
  }

  /** What the command prints with --json. */
  async report(...args: string[]): Promise<Report> {
    const { stdout, stderr } = await this.move("--json", ...args);
    if (!stdout) throw new Error(stderr);
    return JSON.parse(stdout);
  }

  #write(path: string, text: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  #link(name: string, target: string): void {
    symlinkSync(join(MODULES, target), join(this.folder, "node_modules", name), "junction");
  }
}
