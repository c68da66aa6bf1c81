import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import {
  copyFileSync,
  cpSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { anyFreePort } from "../../../../scripts/ports.mjs";
import { toolEnvironment } from "../../../../scripts/toolchain.mjs";
import { pathOf, samplesOf } from "../support/samples.ts";
import { newest, type Release } from "./releases.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Outside this repository, in whose node_modules a missing dependency would be found. */
export const temporaryFolder = () => mkdtempSync(join(tmpdir(), "next-signed-session-packed-"));

export async function npm(cwd: string, ...args: string[]): Promise<string> {
  const shell = process.platform === "win32";
  const env = toolEnvironment();
  return (await promisify(execFile)("npm", args, { cwd, env, shell })).stdout;
}

/**
 * The tarball that `npm publish` would send, in a folder. A copy of the package is packed: packing builds
 * `dist` again, and other tests use the one here at the same time.
 */
export async function packInto(folder: string): Promise<string> {
  const copy = join(folder, "packages/session");
  const scripts = ["build.mjs", "npm-readme.mjs"];
  const files = [
    "src",
    "package.json",
    "tsconfig.json",
    "tsconfig.build.json",
    "LICENSE",
    ...scripts,
  ];
  for (const file of files) cpSync(here(`../../${file}`), join(copy, file), { recursive: true });
  for (const file of ["tsconfig.base.json", "README.md"]) {
    cpSync(here(`../../../../${file}`), join(folder, file));
  }
  symlinkSync(here("../../node_modules"), join(copy, "node_modules"), "junction");
  symlinkSync(here("../../../../node_modules"), join(folder, "node_modules"), "junction");
  const output = await npm(copy, "pack", "--json", "--pack-destination", folder);
  // What the build says comes first.
  const [packed] = Object.values<{ filename: string }>(
    JSON.parse(output.slice(output.search(/^[[{]/m))),
  );
  return join(folder, packed?.filename ?? "");
}

/** The files that the README has the reader write. */
function readmeFiles(): [path: string, code: string][] {
  return samplesOf(readFileSync(here("../../../../README.md"), "utf8")).flatMap(({ code }) => {
    const path = pathOf(code);
    return path ? [[path, code]] : [];
  });
}

/** Waits until a server has printed this. */
export function printed(server: ChildProcess, text: string): Promise<void> {
  let output = "";
  return new Promise((resolve, reject) => {
    for (const stream of [server.stdout, server.stderr]) {
      stream?.on("data", (chunk) => {
        output += chunk;
        if (output.includes(text)) resolve();
      });
    }
    server.on("exit", () => reject(new Error(`the server ended:\n${output}`)));
  });
}

/** The app that the README describes, with these dependencies beside Next's. */
export function writeReadmeApp(
  folder: string,
  { version, proxy, config }: Release,
  dependencies: Record<string, string>,
): void {
  cpSync(here("app"), folder, { recursive: true });
  for (const [path, code] of readmeFiles()) {
    const renamed = path === "proxy.ts";
    const file = join(folder, renamed ? `${proxy}.ts` : path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, renamed ? code.replace("function proxy(", `function ${proxy}(`) : code);
  }
  writeFileSync(join(folder, "next.config.mjs"), `export default ${JSON.stringify(config)};`);
  const manifest = {
    name: "packed",
    private: true,
    scripts: { build: "next build" },
    dependencies: {
      "@types/node": "^20",
      "@types/react": "^19",
      "@types/react-dom": "^19",
      next: version,
      react: "^19.0.0",
      "react-dom": "^19.0.0",
      typescript: "^5",
      ...dependencies,
    },
  };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
}

/**
 * Links Next and its compiler, which are 300 MB, so that npm need not write them. npm keeps a package that
 * has an accepted version and its program in `.bin`.
 */
function linkNext(folder: string): void {
  // On Windows the programs in `.bin` are no links.
  if (process.platform === "win32") return;
  const modules = here("../../../../node_modules");
  const compilers = readdirSync(join(modules, "@next")).filter((name) => name.startsWith("swc-"));
  for (const name of ["next", ...compilers.map((compiler) => `@next/${compiler}`)]) {
    linkFolder(join(modules, name), join(folder, "node_modules", name));
  }
  const programs = join(folder, "node_modules/.bin");
  mkdirSync(programs);
  symlinkSync("../next/dist/bin/next", join(programs, "next"));
}

function linkFolder(source: string, target: string): void {
  mkdirSync(target, { recursive: true });
  for (const entry of readdirSync(source, { withFileTypes: true })) {
    const link = entry.isDirectory() ? linkFolder : linkFile;
    link(join(source, entry.name), join(target, entry.name));
  }
}

function linkFile(source: string, target: string): void {
  try {
    linkSync(source, target);
  } catch {
    // The temporary folder can be on another disk.
    copyFileSync(source, target);
  }
}

/** An app that follows the README, with the package from its tarball, built and served. */
export class PackedApp {
  readonly next: string;
  readonly #release: Release;
  readonly #folder = temporaryFolder();
  #origin = "";
  #server: ChildProcess | undefined;

  constructor(release: Release) {
    this.next = release.version;
    this.#release = release;
  }

  async start(tarball: string): Promise<void> {
    writeReadmeApp(this.#folder, this.#release, { "next-signed-session": `file:${tarball}` });
    if (this.#release.version === newest) linkNext(this.#folder);
    // What the cache has is fresh enough: with it filled, no network is needed.
    await npm(this.#folder, "install", "--prefer-offline", "--no-audit", "--no-fund");
    await this.#next("build");
    const port = await anyFreePort();
    this.#origin = `http://localhost:${port}`;
    await this.#serve(port);
  }

  async stop(): Promise<void> {
    if (this.#server && this.#server.exitCode === null) {
      const ended = once(this.#server, "exit");
      // Asked politely, it would wait for the connections that fetch() keeps alive.
      this.#server.kill("SIGKILL");
      await ended;
    }
    await rm(this.#folder, { recursive: true });
  }

  fetch(path: string, init?: RequestInit): Promise<Response> {
    return fetch(new URL(path, this.#origin), { redirect: "manual", ...init });
  }

  read(path: string): string {
    return readFileSync(join(this.#folder, path), "utf8");
  }

  /** The manifest of a package in its node_modules. */
  installed(name: string): { version: string } {
    return JSON.parse(this.read(`node_modules/${name}/package.json`));
  }

  /** What a program of its node_modules, or `node` itself, prints. */
  async run(program: string, ...args: string[]): Promise<string> {
    const shell = process.platform === "win32";
    const path = program === "node" ? program : join(this.#folder, "node_modules/.bin", program);
    const options = { cwd: this.#folder, env: toolEnvironment(), shell };
    return (await promisify(execFile)(path, args, options)).stdout;
  }

  async #next(...args: string[]): Promise<void> {
    const command = [join(this.#folder, "node_modules/next/dist/bin/next"), ...args];
    await promisify(execFile)(process.execPath, command, {
      cwd: this.#folder,
      env: toolEnvironment(),
    }).catch(({ stdout, stderr }) => {
      throw new Error(`next ${args.join(" ")} failed under ${this.next}:\n${stdout}${stderr}`);
    });
  }

  async #serve(port: number): Promise<void> {
    const next = join(this.#folder, "node_modules/next/dist/bin/next");
    const env = { ...toolEnvironment(), SESSION_SECRET: "of the packed tests, known to everyone" };
    const args = [next, "start", "-H", "127.0.0.1", "-p", String(port)];
    const server = spawn(process.execPath, args, { cwd: this.#folder, env });
    this.#server = server;
    await printed(server, "Ready in").catch(({ message }) => {
      throw new Error(`next start under ${this.next}: ${message}`);
    });
  }
}
