import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { findPythonWithFlask } from "../../../scripts/flask.mjs";

const script = fileURLToPath(new URL("flask_process.py", import.meta.url));

/**
 * Starts Flask in a Python process of its own, which times itself, so that nothing of the pipe
 * between the two is in the figures. `null` where no Python here has Flask.
 */
export async function startFlask(secret, payloads) {
  const python = findPythonWithFlask();
  if (!python) return null;

  const child = spawn(python, [script], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (request) => {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error("the Flask process ended; its error is above");
    return JSON.parse(value);
  };

  const { versions, cookies } = await ask({ secret, payloads });
  return {
    versions,
    cookies,
    measure: (operation, size, times) => ask({ operation, size, times }),
    async stop() {
      child.stdin.end();
      await once(child, "exit");
    },
  };
}
