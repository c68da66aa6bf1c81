import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** A program in this folder that answers each line of JSON by another. It starts with the first question. */
export class PythonPeer {
  readonly #python: string;
  readonly #program: string;
  readonly #asked: { answer(line: string): void; fail(error: Error): void }[] = [];
  #child: ChildProcess | undefined;

  constructor(python: string, program: string) {
    this.#python = python;
    this.#program = program;
  }

  async ask<Answer>(question: object): Promise<Answer> {
    this.#child ??= this.#start();
    const line = await new Promise<string>((answer, fail) => {
      this.#asked.push({ answer, fail });
      this.#child?.stdin?.write(`${JSON.stringify(question)}\n`);
    });
    return JSON.parse(line);
  }

  stop(): void {
    this.#child?.stdin?.end();
  }

  #start(): ChildProcess {
    const path = fileURLToPath(new URL(this.#program, import.meta.url));
    const started = spawn(this.#python, [path], { stdio: ["pipe", "pipe", "inherit"] });
    createInterface({ input: started.stdout }).on("line", (line) =>
      this.#asked.shift()?.answer(line),
    );
    started.on("close", (code) => {
      for (const { fail } of this.#asked) fail(new Error(`${this.#program} ended with ${code}`));
    });
    return started;
  }
}
