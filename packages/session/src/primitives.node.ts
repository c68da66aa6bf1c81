import { createHmac, createSecretKey, type KeyObject } from "node:crypto";
import { deflateSync, inflateSync } from "node:zlib";

export type Digest = "SHA-1" | "SHA-256" | "SHA-384" | "SHA-512";

export interface HmacKey {
  readonly algorithm: string;
  // A KeyObject, since Node 24 spends eight times as long on `createHmac` with a raw key.
  readonly key: KeyObject;
}

export function importHmacKey(raw: Uint8Array, digest: Digest): HmacKey {
  return { algorithm: digest.replace("-", "").toLowerCase(), key: createSecretKey(raw) };
}

export function hmac({ algorithm, key }: HmacKey, message: string): string {
  return createHmac(algorithm, key).update(message).digest("base64url");
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

/** zlib (RFC 1950). */
export function deflate(text: string): Uint8Array {
  return deflateSync(text);
}

/** @throws when the stream is broken, or is longer than `maxBytes` when inflated. */
export function inflate(bytes: Uint8Array, maxBytes: number): string {
  return inflateSync(bytes, { maxOutputLength: maxBytes }).toString();
}
