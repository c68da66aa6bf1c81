// Which Python has Flask, for the tests that share a session with it, and where to get one.
import { spawnSync } from "node:child_process";
import { toolEnvironment } from "./toolchain.mjs";

/**
 * The first Python that has Flask. Where there is none, and this is root on a machine with apt-get,
 * Debian's is installed.
 * @returns {string | undefined} the program
 */
export function pythonWithFlask() {
  return findPython() ?? (installFlask() ? findPython() : undefined);
}

function findPython() {
  const imports = ["-c", "import flask, itsdangerous"];
  return ["/usr/bin/python3", "python3"].find((python) => spawnSync(python, imports).status === 0);
}

function installFlask() {
  if (process.getuid?.() !== 0) return false;
  const env = { ...toolEnvironment(), DEBIAN_FRONTEND: "noninteractive" };
  const aptGet = (/** @type {string[]} */ ...args) =>
    // Test runners have several processes, of which one installs and the others wait for it.
    spawnSync("apt-get", ["-qq", "-o", "DPkg::Lock::Timeout=120", ...args], { env }).status === 0;
  // The lists of a container image are absent, those of an old machine name versions long gone.
  aptGet("update");
  return aptGet("install", "--yes", "--no-install-recommends", "python3-flask");
}
