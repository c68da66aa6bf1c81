// Which Python has Flask or Starlette, for the tests that share a session with it, and where to get one.
import { spawnSync } from "node:child_process";
import { installFromApt } from "./apt.mjs";

/** The modules that each needs, and Debian's packages that have them. */
const NEEDS = {
  flask: { modules: "flask itsdangerous", packages: ["python3-flask"] },
  // Debian's Starlette comes without itsdangerous, which only its sessions need.
  starlette: {
    modules: "starlette itsdangerous",
    packages: ["python3-starlette", "python3-itsdangerous"],
  },
};

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

function pythonWith(/** @type {keyof typeof NEEDS} */ name) {
  return (
    findPythonWith(name) ??
    (NEEDS[name].packages.every((debian) => installFromApt(debian))
      ? findPythonWith(name)
      : undefined)
  );
}

function findPythonWith(/** @type {keyof typeof NEEDS} */ name) {
  // Finds the modules without loading them, which takes long.
  const program = `from importlib.util import find_spec as find; assert all(map(find, "${NEEDS[name].modules}".split()))`;
  return ["/usr/bin/python3", "python3"].find(
    (python) => spawnSync(python, ["-c", program]).status === 0,
  );
}
