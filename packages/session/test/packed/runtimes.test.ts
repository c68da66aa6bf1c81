import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { anyFreePort } from "../../../../scripts/ports.mjs";
import { toolEnvironment } from "../../../../scripts/toolchain.mjs";
import { npm, temporaryFolder } from "./packed-app.ts";

const folder = temporaryFolder();
const file = (name: string) => join(folder, name);
const program = (name: string) => file(`node_modules/.bin/${name}`);

/** A handler of web requests, for each runtime's own server. */
const WEB = `
  import { defineSession } from "next-signed-session";
  const secret = "of the packed tests, known to everyone";
  const sessions = {
    "/signed": defineSession({ secret, name: "signed" }),
    "/sealed": defineSession({ secret, name: "sealed", format: "sealed" }),
  };
  export async function handle(request) {
    const { getSession } = sessions[new URL(request.url).pathname];
    const headers = new Headers();
    const session = await getSession(request, headers);
    session.visits = (session.visits ?? 0) + 1;
    session.large = "x".repeat(5000); // does not fit before it is deflated
    await session.save();
    return new Response(String(session.visits), { headers });
  }
`;

/** The same for servers with Node's request and response. */
const NODE_HANDLER = `
  import { defineSession } from "next-signed-session";
  const secret = "of the packed tests, known to everyone";
  const sessions = {
    "/signed": defineSession({ secret, name: "signed" }),
    "/sealed": defineSession({ secret, name: "sealed", format: "sealed" }),
  };
  export async function visit(request, response) {
    const { getSession } = sessions[request.url];
    const session = await getSession(request, response);
    session.visits = (session.visits ?? 0) + 1;
    await session.save();
    return String(session.visits);
  }
`;

const FILES = {
  "package.json": '{ "private": true, "type": "module" }',
  "web.js": WEB,
  "node-handler.js": NODE_HANDLER,
  "bun.js": `
    import { handle } from "./web.js";
    Bun.serve({ hostname: "127.0.0.1", port: Number(process.env.PORT), fetch: handle });
  `,
  "deno.js": `
    import { handle } from "./web.js";
    Deno.serve({ hostname: "127.0.0.1", port: Number(Deno.env.get("PORT")) }, handle);
  `,
  "worker.js": `
    import { handle } from "./web.js";
    export default { fetch: handle };
  `,
  "http.js": `
    import { createServer } from "node:http";
    import { visit } from "./node-handler.js";
    createServer(async (request, response) => {
      response.end(await visit(request, response));
    }).listen(Number(process.env.PORT), "127.0.0.1");
  `,
  "express.js": `
    import express from "express";
    import { visit } from "./node-handler.js";
    const app = express();
    app.use(async (request, response) => response.send(await visit(request, response)));
    app.listen(Number(process.env.PORT), "127.0.0.1");
  `,
  "fastify.js": `
    import fastify from "fastify";
    import { visit } from "./node-handler.js";
    const app = fastify();
    app.get("/*", async (request, reply) => visit(request.raw, reply.raw));
    await app.listen({ host: "127.0.0.1", port: Number(process.env.PORT) });
  `,
  "hono.js": `
    import { serve } from "@hono/node-server";
    import { Hono } from "hono";
    import { handle } from "./web.js";
    const app = new Hono();
    app.get("/*", (context) => handle(context.req.raw));
    serve({ fetch: app.fetch, hostname: "127.0.0.1", port: Number(process.env.PORT) });
  `,
};

const workerdConfig = (port: number) => `
  using Workerd = import "/workerd/workerd.capnp";
  const config :Workerd.Config = (
    services = [(name = "main", worker = .main)],
    sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
  );
  const main :Workerd.Worker = (
    modules = [(name = "worker", esModule = embed "worker.bundle.js")],
    compatibilityDate = "2026-01-01",
  );
`;

let running: ChildProcess | undefined;

async function started(command: string, ...args: string[]): Promise<string> {
  const port = await anyFreePort();
  if (command === program("workerd")) writeFileSync(file("config.capnp"), workerdConfig(port));
  const env = { ...toolEnvironment(), PORT: String(port) };
  const server = spawn(command, args, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  running = server;
  let output = "";
  for (const stream of [server.stdout, server.stderr]) {
    stream.on("data", (text) => {
      output += text;
    });
  }
  const origin = `http://127.0.0.1:${port}`;
  while (server.exitCode === null) {
    const isUp = await fetch(`${origin}/signed`).then(
      () => true,
      () => false,
    );
    if (isUp) return origin;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${command} ${args.join(" ")} ended:\n${output}`);
}

async function visits(origin: string, path: string): Promise<string[]> {
  const bodies: string[] = [];
  let cookie = "";
  for (let visit = 0; visit < 3; visit++) {
    const response = await fetch(`${origin}${path}`, { headers: { cookie } });
    cookie = response.headers.getSetCookie()[0]?.split(";")[0] ?? cookie;
    bodies.push(await response.text());
  }
  return bodies;
}

beforeAll(async () => {
  for (const [name, code] of Object.entries(FILES)) writeFileSync(file(name), code);
  const quiet = ["--prefer-offline", "--no-audit", "--no-fund"];
  const runtimes = ["bun", "deno", "workerd", "esbuild"];
  const servers = ["express", "fastify", "hono", "@hono/node-server"];
  await npm(folder, "install", ...quiet, inject("tarball"), ...runtimes, ...servers);
  await promisify(execFile)(
    program("esbuild"),
    [
      "worker.js",
      "--bundle",
      "--format=esm",
      "--outfile=worker.bundle.js",
      "--platform=neutral",
    ].concat(["--conditions=workerd", "--main-fields=module,main", "--log-level=error"]),
    { cwd: folder },
  );
}, 300_000);

afterEach(async () => {
  if (running && running.exitCode === null) {
    const ended = once(running, "exit");
    running.kill("SIGKILL");
    await ended;
  }
});

afterAll(() => rmSync(folder, { recursive: true }));

const denoPermissions = ["--allow-net", "--allow-env", "--allow-read"];

describe("the packed package keeps signed and sealed sessions", () => {
  it.each<[name: string, command: string, args: string[]]>([
    ["Bun's own server", "bun", ["bun.js"]],
    ["Bun's node:http", "bun", ["http.js"]],
    ["Deno's own server", "deno", ["run", ...denoPermissions, "deno.js"]],
    ["Deno's node:http", "deno", ["run", ...denoPermissions, "http.js"]],
    ["workerd", "workerd", ["serve", "config.capnp"]],
    ["Express", "node", ["express.js"]],
    ["Fastify", "node", ["fastify.js"]],
    ["Hono", "node", ["hono.js"]],
  ])(
    "in %s",
    async (_, command, args) => {
      const origin = await started(command === "node" ? command : program(command), ...args);
      expect(await visits(origin, "/signed")).toEqual(["1", "2", "3"]);
      expect(await visits(origin, "/sealed")).toEqual(["1", "2", "3"]);
    },
    30_000,
  );
});
