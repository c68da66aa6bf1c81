import { spawnSync } from "node:child_process";
import { toolEnvironment } from "./toolchain.mjs";

/**
 * Installs a package of Debian's where this is root on a machine with apt-get.
 * @param {string} name
 * @param {NodeJS.ProcessEnv} environment
 * @returns {boolean} whether it did
 */
export function installFromApt(name, environment = {}) {
  if (process.getuid?.() !== 0) return false;
  const env = { ...toolEnvironment(), DEBIAN_FRONTEND: "noninteractive", ...environment };
  const aptGet = (/** @type {string[]} */ ...args) => {
    // Test runners have several processes, of which one installs and the others wait for it.
    const options = ["-qq", "-o", "DPkg::Lock::Timeout=120"];
    return spawnSync("apt-get", [...options, ...args], {
      env,
      stdio: ["ignore", "ignore", "inherit"],
    });
  };
  // The lists of a container image are absent, those of an old machine name versions long gone.
  aptGet("update");
  return aptGet("install", "--yes", "--no-install-recommends", name).status === 0;
}
