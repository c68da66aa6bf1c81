const utf8 = new TextEncoder();

const SALT = utf8.encode("next-signed-session");

/**
 * HKDF-SHA-256 (RFC 5869): 32 bytes for one secret and one purpose.
 *
 * The purpose is written as a JSON array, which is injective. Plain concatenation would let a chosen
 * cookie name give another cookie's key (Django's CVE-2026-6873).
 */
export async function deriveKey(
  secret: string,
  purpose: readonly string[],
): Promise<Uint8Array<ArrayBuffer>> {
  const { subtle } = globalThis.crypto;
  const material = await subtle.importKey("raw", utf8.encode(secret), "HKDF", false, [
    "deriveBits",
  ]);
  const info = utf8.encode(JSON.stringify(purpose));
  const parameters = { name: "HKDF", hash: "SHA-256", salt: SALT, info };
  return new Uint8Array(await subtle.deriveBits(parameters, material, 256));
}
