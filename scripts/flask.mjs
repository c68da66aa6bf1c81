// Which Python has Flask or Starlette, for the tests that share a session with it, and where to get one.
import { spawnSync } from "node:child_process";
import { installFromApt } from "./apt.mjs";

/** What each needs to be imported. */
const MODULES = { flask: "flask, itsdangerous", starlette: "starlette, itsdangerous" };

/**
 * The first Python that has Flask. Where there is none, and this is root on a machine with apt-get,
 * Debian's is installed.
 * @returns {string | undefined} the program
 */
export function pythonWithFlask() {
  return pythonWith("flask");
}

/**
 * As {@link pythonWithFlask}, for Starlette.
 * @returns {string | undefined} the program
 */
export function pythonWithStarlette() {
  return pythonWith("starlette");
}

/** As {@link pythonWithFlask}, of what is here already. */
export function findPythonWithFlask() {
  return findPythonWith("flask");
}

function pythonWith(/** @type {keyof typeof MODULES} */ name) {
  return (
    findPythonWith(name) ?? (installFromApt(`python3-${name}`) ? findPythonWith(name) : undefined)
  );
}

function findPythonWith(/** @type {keyof typeof MODULES} */ name) {
  const imports = ["-c", `import ${MODULES[name]}`];
  return ["/usr/bin/python3", "python3"].find((python) => spawnSync(python, imports).status === 0);
}
