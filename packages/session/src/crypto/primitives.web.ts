import type { Awaitable } from "../runtime/awaitable.ts";
import { BASE64URL_ALPHABET } from "./base64url.ts";
import type { Digest } from "./digest.ts";
import {
  type HmacSha256Key,
  hmacSha256,
  hmacSha256Key,
  sha256 as sha256OfBytes,
} from "./sha256.ts";

/** Our own format signs with SHA-256. The others are hashed by WebCrypto. */
export type HmacKey = HmacSha256Key | CryptoKey;

const utf8 = new TextEncoder();
// Without `ignoreBOM` the decoder drops a leading U+FEFF, which Node keeps.
const fromUtf8 = new TextDecoder("utf-8", { ignoreBOM: true });

const BASE64URL = utf8.encode(BASE64URL_ALPHABET);

export function importHmacKey(raw: Uint8Array<ArrayBuffer>, digest: Digest): Awaitable<HmacKey> {
  if (digest === "SHA-256") return hmacSha256Key(raw);
  return crypto.subtle.importKey("raw", raw, { name: "HMAC", hash: digest }, false, ["sign"]);
}

export function hmac(key: HmacKey, message: string): Awaitable<string> {
  const bytes = utf8.encode(message);
  if ("inner" in key) return bytesToBase64Url(hmacSha256(key, bytes));
  return crypto.subtle
    .sign("HMAC", key, bytes)
    .then((mac) => bytesToBase64Url(new Uint8Array(mac)));
}

/** The SHA-256 of a text, as base64url. */
export function sha256(text: string): string {
  return bytesToBase64Url(sha256OfBytes(utf8.encode(text)));
}

export function textToBase64Url(text: string): string {
  return bytesToBase64Url(utf8.encode(text));
}

export function base64UrlToText(encoded: string): string {
  return fromUtf8.decode(base64UrlToBytes(encoded));
}

// Written out, because `btoa` needs a string of bytes, and building one takes five times as long.
export function bytesToBase64Url(bytes: Uint8Array): string {
  const characters = new Uint8Array(Math.ceil((bytes.length * 4) / 3));
  let length = 0;
  for (let i = 0; i < bytes.length; i += 3) {
    const bits = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    // Characters for absent bytes fall behind the array's end, where the assignment does nothing.
    for (let shift = 18; shift >= 0; shift -= 6) {
      characters[length++] = BASE64URL[(bits >> shift) & 63] ?? 0;
    }
  }
  return fromUtf8.decode(characters);
}

export function base64UrlToBytes(encoded: string): Uint8Array<ArrayBuffer> {
  const binary = atob(encoded.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = new Uint8Array(binary.length);
  // A loop is ten times as fast as Uint8Array.from().
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

// A library, because CompressionStream exists in Next's edge runtime and throws when it is used.

/** zlib (RFC 1950). */
export async function deflate(text: string): Promise<Uint8Array> {
  const { zlibSync } = await import("fflate");
  return zlibSync(utf8.encode(text));
}

/**
 * Bytes. A slice inflates to at most 1032 times as much, which takes two milliseconds. Shorter slices
 * would make every other session slower.
 */
const INFLATED_SLICE = 1024;

/** @throws if the stream is broken, or inflates to more than `maxBytes`. */
export async function inflate(bytes: Uint8Array, maxBytes: number): Promise<string> {
  const { Unzlib } = await import("fflate");
  const chunks: Uint8Array[] = [];
  let length = 0;
  let complete = false;
  const stream = new Unzlib((chunk, isLast) => {
    length += chunk.length;
    if (length > maxBytes) throw new RangeError(`inflates to more than ${maxBytes} bytes`);
    chunks.push(chunk);
    complete = isLast;
  });
  // In slices, since the stream counts what a push has inflated only after it.
  for (let at = 0; at < bytes.length || at === 0; at += INFLATED_SLICE) {
    const end = at + INFLATED_SLICE;
    stream.push(bytes.subarray(at, end), end >= bytes.length);
  }
  if (!complete) throw new RangeError("the stream ends too early");
  const text = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    text.set(chunk, offset);
    offset += chunk.length;
  }
  return fromUtf8.decode(text);
}
