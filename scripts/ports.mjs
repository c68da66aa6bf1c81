import { createServer } from "node:net";

/** A port nobody listens on, chosen by the system. @returns {Promise<number>} */
export function anyFreePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });
}

/** `wanted`, or the next one up that is free. @returns {Promise<number>} */
export async function freePortFrom(/** @type {number} */ wanted) {
  for (let port = wanted; port < wanted + 100; port++) if (await isFree(port)) return port;
  return anyFreePort();
}

/** Free on both loopback addresses: a browser asked for `localhost` tries ::1 first. */
export async function isFree(/** @type {number} */ port) {
  return (await canListen(port, "127.0.0.1")) && (await canListen(port, "::1"));
}

/**
 * @param {number} port
 * @param {string} host
 * @returns {Promise<boolean>}
 */
function canListen(port, host) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", (/** @type {NodeJS.ErrnoException} */ error) => {
      if (error.code === "EADDRINUSE" || error.code === "EACCES") resolve(false);
      // A machine without IPv6 has nobody on ::1 either.
      else if (error.code === "EADDRNOTAVAIL" || error.code === "EAFNOSUPPORT") resolve(true);
      else reject(error);
    });
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}
