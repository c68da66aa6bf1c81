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

// By a library, since Next's edge runtime has a CompressionStream that throws when it is called.

/** zlib (RFC 1950). */
export async function deflate(text: string): Promise<Uint8Array> {
  const { zlibSync } = await import("fflate");
  return zlibSync(utf8.encode(text));
}

/** @throws when the stream is broken, or is longer than `maxBytes` when inflated. */
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
  stream.push(bytes, true);
  if (!complete) throw new RangeError("the stream ends too early");
  const text = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    text.set(chunk, offset);
    offset += chunk.length;
  }
  return fromUtf8.decode(text);
}
