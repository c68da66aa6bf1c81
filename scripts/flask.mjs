// Which Python has Flask, for the tests that share a session with it, and where to get one.
import { spawnSync } from "node:child_process";
import { installFromApt } from "./apt.mjs";

/**
 * The first Python that has Flask. Where there is none, and this is root on a machine with apt-get,
 * Debian's is installed.
 * @returns {string | undefined} the program
 */
export function pythonWithFlask() {
  return (
    findPythonWithFlask() ?? (installFromApt("python3-flask") ? findPythonWithFlask() : undefined)
  );
}

/** As {@link pythonWithFlask}, of what is here already. */
export function findPythonWithFlask() {
  const imports = ["-c", "import flask, itsdangerous"];
  return ["/usr/bin/python3", "python3"].find((python) => spawnSync(python, imports).status === 0);
}
