import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { npm, temporaryFolder } from "../../../packages/session/test/packed/packed-app.ts";
import { anyFreePort } from "../../../scripts/ports.mjs";
import { root, toolEnvironment } from "../../../scripts/toolchain.mjs";

/** A server that was started, on a port of its own. */
export interface Server {
  readonly origin: string;
  stop(): Promise<void>;
}

/** An example as a stranger copies it: outside this repository, with the package as npm has it. */
export class Example {
  readonly folder = temporaryFolder();
  readonly #servers: Server[] = [];

  private constructor() {}

  static async copy(name: string): Promise<Example> {
    const example = new Example();
    const source = join(root, "examples", name);
    for (const file of filesInGit(source)) cpSync(join(source, file), join(example.folder, file));
    const manifest = JSON.parse(example.read("package.json"));
    manifest.dependencies["next-signed-session"] = `file:${process.env.EXAMPLES_TARBALL}`;
    writeFileSync(join(example.folder, "package.json"), JSON.stringify(manifest));
    // What the cache has is fresh enough: with it filled, no network is needed.
    await npm(example.folder, "install", "--prefer-offline", "--no-audit", "--no-fund");
    return example;
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), "utf8");
  }

  /** Builds the app, and starts what was built. */
  async serve(): Promise<Server> {
    await npm(this.folder, "run", "build").catch(({ stdout, stderr }) => {
      throw new Error(`The build failed:\n${stdout}${stderr}`);
    });
    return this.start("start", { SESSION_SECRET: "of the examples' tests, known to all" });
  }

  /** Runs a script of its manifest, until something answers on the port that PORT names. */
  async start(script: string, settings: Readonly<Record<string, string>> = {}): Promise<Server> {
    const port = await anyFreePort();
    // A secret comes from the settings, or from what the script makes.
    const here = { ...toolEnvironment(), SESSION_SECRET: undefined };
    const env = { ...here, ...settings, PORT: String(port) };
    // A group of its own, since npm does not pass a signal on to what it started.
    const child = spawn("npm", ["run", script], { cwd: this.folder, env, detached: true });
    const origin = `http://localhost:${port}`;
    const server = { origin, stop: () => stop(child) };
    this.#servers.push(server);
    await hasAnswered(child, origin);
    return server;
  }

  async remove(): Promise<void> {
    for (const server of this.#servers) await server.stop();
    await rm(this.folder, { recursive: true });
  }
}

/** Without what the example made when it was started in here. */
function filesInGit(folder: string): string[] {
  const args = ["ls-files", "--cached", "--others", "--exclude-standard"];
  return execFileSync("git", args, { cwd: folder, encoding: "utf8" }).split("\n").filter(Boolean);
}

async function stop(child: ChildProcess): Promise<void> {
  if (!child.pid || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "close");
  process.kill(-child.pid, "SIGTERM");
  // Next waits for open connections to end, and the browser may keep some.
  const impatience = setTimeout(() => process.kill(-(child.pid as number), "SIGKILL"), 5000);
  await ended;
  clearTimeout(impatience);
}

async function hasAnswered(child: ChildProcess, origin: string): Promise<void> {
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (text) => {
      output += text;
    });
  }
  while (child.exitCode === null) {
    const answered = await fetch(origin, { redirect: "manual" }).then(
      () => true,
      () => false,
    );
    if (answered) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`npm run ended with ${child.exitCode}:\n${output}`);
}
