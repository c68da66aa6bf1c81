import { base64UrlToBytes, bytesToBase64Url } from "#primitives";
import type { Encrypted } from "./encrypted.ts";

export type AesKey = CryptoKey;

const NAME = "AES-CBC";
const utf8 = new TextEncoder();
const fromUtf8 = new TextDecoder();

/** A key of 32 bytes for AES-256-CBC. */
export function importAesKey(raw: Uint8Array<ArrayBuffer>): Promise<AesKey> {
  return crypto.subtle.importKey("raw", raw, NAME, false, ["encrypt", "decrypt"]);
}

export async function encrypt(content: string, key: AesKey): Promise<Encrypted> {
  const iv = crypto.getRandomValues(new Uint8Array(16));
  const bytes = await crypto.subtle.encrypt({ name: NAME, iv }, key, utf8.encode(content));
  return { iv: bytesToBase64Url(iv), text: bytesToBase64Url(new Uint8Array(bytes)) };
}

/** @throws if the key is another one */
export async function decrypt({ iv, text }: Encrypted, key: AesKey): Promise<string> {
  const parameters = { name: NAME, iv: base64UrlToBytes(iv) };
  return fromUtf8.decode(await crypto.subtle.decrypt(parameters, key, base64UrlToBytes(text)));
}
