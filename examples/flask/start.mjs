// Starts Flask and Next.js, both with the secret that they share. The visitors' port is that of Next.js.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

if (!process.env.SESSION_SECRET) process.loadEnvFile(".env.local");

const { port } = new URL(process.env.FLASK_URL ?? "http://127.0.0.1:5328");
const flask = ["-m", "flask", "--app", "flask_app.py", "run", "--port", port];
run(process.env.PYTHON ?? "python3", flask);
run(process.execPath, [fileURLToPath(import.meta.resolve("next/dist/bin/next")), "dev"]);

/** Starts a program that ends with this one, and the other way round. */
function run(program, args) {
  const child = spawn(program, args, { stdio: "inherit" });
  child.on("error", ({ message }) => stop(`${program} does not start: ${message}`));
  child.on("exit", () => stop(`${program} ${args.join(" ")} has ended.`));
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => stop());
  process.on("exit", () => child.kill());
}

function stop(reason) {
  if (reason) console.error(reason);
  process.exit(reason ? 1 : 0);
}
