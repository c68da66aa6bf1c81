import type { createHmac, hash, KeyObject } from "node:crypto";
import { type Awaitable, loadOnce, whenReady } from "../runtime/awaitable.ts";
import type { Digest } from "./digest.ts";

export interface HmacKey {
  readonly createHmac: typeof createHmac;
  readonly hash: typeof hash | undefined;
  readonly algorithm: string;
  // With a raw key, `createHmac` takes eight times as long on Node 24.
  readonly key: KeyObject;
  /** The padded key of RFC 2104, with room behind it for the message. */
  readonly inner: Buffer;
  readonly outer: Buffer;
  readonly blockBytes: number;
}

/** Importing it takes a third of the time of this package, and nothing needs it before the first session. */
const loadCrypto = loadOnce(async () => {
  const crypto = await import("node:crypto");
  const { createHash, createHmac, createSecretKey } = crypto;
  // Absent before Node 20.12.
  const hash: typeof crypto.hash | undefined = crypto.hash;
  return { createHash, createHmac, createSecretKey, hash };
});

/** UTF-16 units, as many as one cookie holds. Longer messages, such as chunks, use `createHmac`. */
const MAX_SCRATCH_LENGTH = 4096;
const MOST_BYTES_OF_A_UNIT = 3;
const MAX_DIGEST_BYTES = 64;

export async function importHmacKey(raw: Uint8Array, digest: Digest): Promise<HmacKey> {
  const { createHash, createHmac, createSecretKey, hash } = await loadCrypto();
  const algorithm = digest.replace("-", "").toLowerCase();
  const blockBytes = digest === "SHA-384" || digest === "SHA-512" ? 128 : 64;
  const fitting = raw.length > blockBytes ? createHash(algorithm).update(raw).digest() : raw;
  const padded = (pad: number, room: number) => {
    const bytes = Buffer.alloc(blockBytes + room);
    for (let i = 0; i < blockBytes; i++) bytes[i] = (fitting[i] ?? 0) ^ pad;
    return bytes;
  };
  return {
    createHmac,
    hash,
    algorithm,
    key: createSecretKey(raw),
    inner: padded(0x36, MAX_SCRATCH_LENGTH * MOST_BYTES_OF_A_UNIT),
    outer: padded(0x5c, MAX_DIGEST_BYTES),
    blockBytes,
  };
}

/**
 * RFC 2104 written out: a hash of the message, and a hash of that hash. Two calls of `crypto.hash`
 * take two thirds of the time of one `createHmac`, which also leaves an object to be collected.
 */
export function hmac(
  { createHmac, hash, algorithm, key, inner, outer, blockBytes }: HmacKey,
  message: string,
): string {
  if (!hash || message.length > MAX_SCRATCH_LENGTH) {
    return createHmac(algorithm, key).update(message).digest("base64url");
  }
  const innerEnd = blockBytes + inner.write(message, blockBytes);
  const innerHash = hash(algorithm, inner.subarray(0, innerEnd), "binary");
  const outerEnd = blockBytes + outer.write(innerHash, blockBytes, "binary");
  return hash(algorithm, outer.subarray(0, outerEnd), "base64url");
}

/** The SHA-256 of a text, as base64url. */
export function sha256(text: string): Awaitable<string> {
  return whenReady(loadCrypto(), ({ createHash, hash }) =>
    hash
      ? hash("sha256", text, "base64url")
      : createHash("sha256").update(text).digest("base64url"),
  );
}

export function textToBase64Url(text: string): string {
  return Buffer.from(text).toString("base64url");
}

export function base64UrlToText(encoded: string): string {
  return Buffer.from(encoded, "base64url").toString();
}

export function bytesToBase64Url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64url");
}

export function base64UrlToBytes(encoded: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(encoded, "base64url"));
}

/** Most apps have no deflated session, and importing zlib takes a quarter of the time of this package. */
const loadZlib = loadOnce(() => import("node:zlib"));

/** zlib (RFC 1950). */
export function deflate(text: string): Awaitable<Uint8Array> {
  return whenReady(loadZlib(), ({ deflateSync }) => deflateSync(text));
}

/** @throws if the stream is broken, or inflates to more than `maxBytes`. */
export function inflate(bytes: Uint8Array, maxBytes: number): Awaitable<string> {
  return whenReady(loadZlib(), ({ inflateSync }) =>
    inflateSync(bytes, { maxOutputLength: maxBytes }).toString(),
  );
}
