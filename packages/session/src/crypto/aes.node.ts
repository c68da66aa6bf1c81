import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  type KeyObject,
  randomBytes,
} from "node:crypto";
import type { Encrypted } from "./encrypted.ts";

export type AesKey = KeyObject;

/** A key of 32 bytes for AES-256-CBC. */
export function importAesKey(raw: Uint8Array): AesKey {
  return createSecretKey(raw);
}

export function encrypt(content: string, key: AesKey): Encrypted {
  const iv = randomBytes(16);
  const cipher = createCipheriv("aes-256-cbc", key, iv);
  const text = cipher.update(content, "utf8", "base64url") + cipher.final("base64url");
  return { iv: iv.toString("base64url"), text };
}

/** @throws if the key is another one */
export function decrypt({ iv, text }: Encrypted, key: AesKey): string {
  const decipher = createDecipheriv("aes-256-cbc", key, Buffer.from(iv, "base64url"));
  return decipher.update(text, "base64url", "utf8") + decipher.final("utf8");
}
