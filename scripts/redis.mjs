// A Redis for the tests, and where to get one. Each listens on loopback alone, on a port of its own.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installFromApt } from "./apt.mjs";
import { anyFreePort } from "./ports.mjs";

/**
 * Where there is no Redis, and this is root on a machine with apt-get, Debian's is installed.
 * @returns {string | undefined} the program
 */
export function redisProgram() {
  // At run level 1 the package's own service is not started beside ours.
  const install = () => installFromApt("redis-server", { RUNLEVEL: "1" });
  return findRedis() ?? (install() ? findRedis() : undefined);
}

function findRedis() {
  const programs = ["redis-server", "valkey-server"];
  return programs.find((program) => spawnSync(program, ["--version"]).status === 0);
}

/** One that has answered to have saved has saved: what it holds is there again after a `kill -9`. */
const durable = ["--appendonly", "yes", "--appendfsync", "always", "--save", ""];

export class Redis {
  #program;
  #options;
  #folder = mkdtempSync(join(tmpdir(), "redis-"));
  /** @type {import("node:child_process").ChildProcess | undefined} */
  #process;

  /**
   * @param {string} program
   * @param {number} port
   * @param {string[]} options
   */
  constructor(program, port, options) {
    this.#program = program;
    this.#options = options;
    this.port = port;
    this.url = `redis://127.0.0.1:${port}`;
  }

  /** @param {string} program @param {string[]} options */
  static async start(program, ...options) {
    const redis = new Redis(program, await anyFreePort(), options);
    await redis.start();
    return redis;
  }

  /** With what it held before. */
  async start() {
    const listen = ["--port", `${this.port}`, "--bind", "127.0.0.1", "--dir", this.#folder];
    this.#process = spawn(this.#program, [...listen, ...durable, ...this.#options], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    this.#process.stdout?.on("data", (text) => {
      output += text;
    });
    while (!(await answersPing(this.port))) {
      if (this.#process.exitCode !== null) throw new Error(`Redis did not start:\n${output}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** At once, as a machine that loses its power does. */
  async kill() {
    const running = this.#process;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    const ended = once(running, "exit");
    running.kill("SIGKILL");
    await ended;
  }

  /** What `redis-cli` with these arguments has to say. @param {string[]} given */
  command(...given) {
    const { stdout } = spawnSync("redis-cli", ["-p", `${this.port}`, ...given], {
      encoding: "utf8",
      timeout: 30_000,
    });
    return stdout;
  }

  async stop() {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** A port may be open while what it held is still being read. @returns {Promise<boolean>} */
function answersPing(/** @type {number} */ port) {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write("PING\r\n"));
    socket.on("error", () => resolve(false));
    socket.on("data", (answer) => {
      socket.destroy();
      resolve(answer.toString().startsWith("+PONG"));
    });
  });
}
