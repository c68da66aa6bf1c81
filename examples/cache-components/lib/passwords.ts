import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

/** As OWASP's “Password Storage” asks: each try needs 32 MiB of memory. */
const cost = { N: 2 ** 15, r: 8, p: 3, maxmem: 2 ** 26 };

/** What to keep of a password: a salt and a hash, from which nobody gets it back. */
export async function hashPassword(password: string) {
  const salt = randomBytes(16);
  const hash = await derive(password.normalize(), salt, 32, cost);
  return `${salt.toString("base64url")}.${hash.toString("base64url")}`;
}

export async function isPassword(password: string, kept: string) {
  const [salt = "", hash = ""] = kept.split(".");
  const derived = await derive(password.normalize(), Buffer.from(salt, "base64url"), 32, cost);
  return timingSafeEqual(derived, Buffer.from(hash, "base64url"));
}
