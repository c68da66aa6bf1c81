import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { SECRET } from "./fixed.ts";

const worker = fileURLToPath(new URL("session-worker.mjs", import.meta.url));
const built = fileURLToPath(new URL("../../dist/index.js", import.meta.url));
if (!existsSync(built))
  throw new Error("Processes run the package as built: `npm run build` first.");

interface Answer {
  readonly id: string | number;
  readonly answer?: unknown;
  readonly error?: string;
}

/** A process of its own that makes requests with sessions in a store. */
export class SessionProcess {
  readonly #child: ChildProcess;
  #asked = 0;

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.setMaxListeners(0);
  }

  /** @param address A SQLite file or a Redis URL. */
  static async start(address: string): Promise<SessionProcess> {
    const started = new SessionProcess(fork(worker, [address, SECRET], { execArgv: [] }));
    await started.#answerTo("ready");
    return started;
  }

  async ask<Result = unknown>(act: string, given: object = {}): Promise<Result> {
    const id = ++this.#asked;
    const answer = this.#answerTo(id);
    this.#child.send({ id, act, ...given });
    return (await answer) as Result;
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await ended;
  }

  #answerTo(id: Answer["id"]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#child.on("message", (message: Answer) => {
        if (message.id !== id) return;
        if (message.error) reject(new Error(message.error));
        else resolve(message.answer);
      });
      this.#child.once("exit", () =>
        reject(new Error(`the process ended before it answered ${id}`)),
      );
    });
  }
}
