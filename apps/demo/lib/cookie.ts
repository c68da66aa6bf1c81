import { inflateSync } from "node:zlib";
import { cookies } from "next/headers";
import { decode, hasStore, idleTimeout } from "./session";

/** The default: with a prefix in production, and without one in development and for Flask. */
const NAME = /^(__Host-)?session$/;

export async function readCookie() {
  const cookie = (await cookies()).getAll().find(({ name }) => NAME.test(name));
  if (!cookie) return;
  const { value } = cookie;

  const decoded = await decode(value);
  if (value.startsWith("Fe26.2*")) return { value, decoded, sealed: true as const };
  const [payload = "", timestamp = "", signature = ""] = splitFromTheEnd(value);
  // 256 random bits, whose session the server looks up.
  const isId = hasStore && payload.length === 43;
  const text = isId ? "" : textOf(payload, decoded.ok);
  // 160 bits are 27 characters of base64url, 256 are 43.
  const algorithm = signature.length === 27 ? "HMAC-SHA1" : "HMAC-SHA256";
  const parts = { payload, isId, text, timestamp, signature, algorithm };
  return { value, decoded, sealed: false as const, ...parts };
}

export function expiryOf(issuedAt: Date) {
  return new Date(issuedAt.getTime() + idleTimeout.days * 24 * 60 * 60 * 1000);
}

// A compressed payload starts with a dot of its own.
function splitFromTheEnd(value: string) {
  return /^(.+)\.([^.]+)\.([^.]+)$/.exec(value)?.slice(1) ?? [value];
}

function textOf(payload: string, verified: boolean) {
  if (!payload.startsWith(".")) return Buffer.from(payload, "base64url").toString();
  // What is not signed by this server may inflate to anything, or not at all.
  return verified ? inflateSync(Buffer.from(payload.slice(1), "base64url")).toString() : "";
}
