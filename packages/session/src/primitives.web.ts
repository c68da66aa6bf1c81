export type Digest = "SHA-1" | "SHA-256" | "SHA-384" | "SHA-512";

export type HmacKey = CryptoKey;

const utf8 = new TextEncoder();
// Without `ignoreBOM` a leading U+FEFF would be dropped, and Node keeps it.
const fromUtf8 = new TextDecoder("utf-8", { ignoreBOM: true });

export function importHmacKey(raw: Uint8Array<ArrayBuffer>, digest: Digest): Promise<HmacKey> {
  return crypto.subtle.importKey("raw", raw, { name: "HMAC", hash: digest }, false, ["sign"]);
}

export async function hmac(key: HmacKey, message: string): Promise<string> {
  return bytesToBase64Url(
    new Uint8Array(await crypto.subtle.sign("HMAC", key, utf8.encode(message))),
  );
}

export function textToBase64Url(text: string): string {
  return bytesToBase64Url(utf8.encode(text));
}

export function base64UrlToText(encoded: string): string {
  return fromUtf8.decode(base64UrlToBytes(encoded));
}

export function bytesToBase64Url(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

export function base64UrlToBytes(encoded: string): Uint8Array<ArrayBuffer> {
  const binary = atob(encoded.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
