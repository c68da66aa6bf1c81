// Starts Redis, two servers, and a proxy on one port that sends each request to either of them.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const next = fileURLToPath(import.meta.resolve("next/dist/bin/next"));
const port = Number(process.env.PORT ?? 3000);
const [redisPort, ...serverPorts] = await freePorts(3);

if (!process.env.REDIS_URL) {
  run("redis-server", ["--port", redisPort, "--bind", "127.0.0.1", "--save", ""]);
  process.env.REDIS_URL = `redis://127.0.0.1:${redisPort}`;
}
for (const [index, serverPort] of serverPorts.entries()) {
  const args = [next, "start", "-H", "127.0.0.1", "-p", serverPort];
  run(process.execPath, args, { SERVER: "AB"[index] });
}
for (const serverPort of serverPorts) await hasAnswered(`http://127.0.0.1:${serverPort}`);
await once(createServer(forward).listen(port), "listening");
console.log(`\nOne cart, two servers: http://localhost:${port} (Ctrl+C stops all)\n`);

/** To a server by chance, with the headers as they came: Next.js compares Host with a form's Origin. */
function forward(incoming, outgoing) {
  const { method, url: path, headers } = incoming;
  const target = serverPorts[Math.floor(Math.random() * serverPorts.length)];
  const forwarded = request(
    { host: "127.0.0.1", port: target, method, path, headers },
    (answer) => {
      outgoing.writeHead(answer.statusCode, answer.headers);
      answer.pipe(outgoing);
    },
  );
  forwarded.on("error", () => outgoing.destroy());
  outgoing.on("close", () => forwarded.destroy());
  incoming.pipe(forwarded);
}

/** Starts a program that ends with this one, and the other way round. */
function run(program, args, settings = {}) {
  const env = { ...process.env, ...settings };
  const child = spawn(program, args, { env, stdio: ["ignore", "ignore", "inherit"] });
  child.on("error", ({ message }) => stop(`${program} does not start: ${message}`));
  child.on("exit", () => stop(`${program} has ended.`));
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => stop());
  process.on("exit", () => child.kill());
}

function stop(reason) {
  if (reason) console.error(reason);
  process.exit(reason ? 1 : 0);
}

async function hasAnswered(url) {
  while (!(await fetch(url).catch(() => undefined))) await sleep(100);
}

async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => server.address().port);
  for (const server of servers) server.close();
  return ports;
}
