import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  request,
  type ServerResponse,
} from "node:http";
import { fileURLToPath } from "node:url";
import { anyFreePort } from "../../../../scripts/ports.mjs";
import { toolPath } from "../../../../scripts/toolchain.mjs";

export interface Server {
  readonly port: number;
  stop(): Promise<void>;
}

/** The demo's production build, run with these environment variables beside the tests' own. */
export function startDemo(settings: Record<string, string>): Promise<Server> {
  return startProgram(
    (port) => [process.execPath, toolPath("next"), "start", "-H", "127.0.0.1", "-p", `${port}`],
    settings,
  );
}

/** The application in a Python file. */
export function startFlask(python: string, file: string): Promise<Server> {
  return startProgram((port) => [
    ...[python, "-m", "flask", "--app", file],
    ...["run", "--host", "127.0.0.1", "--port", `${port}`],
  ]);
}

/** One host name for several servers: each has the paths that begin with its prefix. */
export function startReverseProxy(servers: Readonly<Record<string, Server>>): Promise<Server> {
  return startHandler((incoming, outgoing) => {
    const prefix = Object.keys(servers).find((prefix) => incoming.url?.startsWith(prefix));
    const server = prefix && servers[prefix];
    if (server) forward(incoming, outgoing, server.port);
    else outgoing.writeHead(404).end();
  });
}

export async function startHandler(handler: RequestListener): Promise<Server> {
  const server = createServer(handler);
  const port = await anyFreePort();
  await once(server.listen(port, "127.0.0.1"), "listening");
  return {
    port,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** With the headers as they came, Host among them: Next.js compares it with a form's Origin. */
function forward(incoming: IncomingMessage, outgoing: ServerResponse, port: number) {
  const { url: path, method, headers } = incoming;
  const passedOn = request({ host: "127.0.0.1", port, path, method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  // A browser gives up a prefetch when it leaves the page.
  passedOn.on("error", () => outgoing.destroy());
  outgoing.on("close", () => passedOn.destroy());
  incoming.pipe(passedOn);
}

async function startProgram(
  commandOn: (port: number) => string[],
  settings: Record<string, string> = {},
): Promise<Server> {
  const port = await anyFreePort();
  const [program = "", ...args] = commandOn(port);
  const child = spawn(program, args, {
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    env: { ...process.env, ...settings },
    stdio: ["ignore", "ignore", "pipe"],
  });
  await hasAnswered(child, port);
  return {
    port,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      // Asked politely, Next waits for connections that nobody uses any more.
      child.kill("SIGKILL");
      await ended;
    },
  };
}

async function hasAnswered(child: ChildProcess, port: number) {
  let errors = "";
  child.stderr?.on("data", (text) => {
    errors += text;
  });
  while (child.exitCode === null) {
    const answered = await fetch(`http://127.0.0.1:${port}/`).then(
      () => true,
      () => false,
    );
    if (answered) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${child.spawnargs.join(" ")} ended with ${child.exitCode}:\n${errors}`);
}
