import {
  base64UrlToBytes,
  bytesToBase64Url,
  type Digest,
  type HmacKey,
  hmac,
  importHmacKey,
} from "#primitives";
import type { Awaitable, Rejected } from "./codec.ts";

export interface SignerOptions {
  /** The first signs, all verify. */
  readonly secrets: readonly string[];
  readonly digest: Digest;
  deriveKey(secret: string): Awaitable<Uint8Array<ArrayBuffer>>;
}

export interface Unsigned {
  readonly ok: true;
  readonly payload: string;
  readonly issuedAt: number;
  readonly secretIndex: number;
}

export interface Signer {
  sign(payload: string, issuedAt: number): Promise<string>;
  unsign(token: string): Promise<Unsigned | Rejected<"malformed" | "bad-signature">>;
}

/** The layout of itsdangerous' TimestampSigner: `payload.timestamp.signature`. */
export function createSigner({ secrets, digest, deriveKey }: SignerOptions): Signer {
  let imported: Promise<HmacKey[]> | undefined;
  const importKeys = () =>
    Promise.all(secrets.map(async (secret) => importHmacKey(await deriveKey(secret), digest)));

  return {
    async sign(payload, issuedAt) {
      imported ??= importKeys();
      const [current] = await imported;
      const message = `${payload}.${encodeTimestamp(issuedAt)}`;
      return `${message}.${await hmac(current as HmacKey, message)}`;
    },

    async unsign(token) {
      const signatureAt = token.lastIndexOf(".");
      const timestampAt = token.slice(0, Math.max(signatureAt, 0)).lastIndexOf(".");
      if (timestampAt < 0) return { ok: false, reason: "malformed" };

      const message = token.slice(0, signatureAt);
      const signature = token.slice(signatureAt + 1);
      imported ??= importKeys();
      for (const [secretIndex, key] of (await imported).entries()) {
        if (!equalInConstantTime(await hmac(key, message), signature)) continue;
        const issuedAt = decodeTimestamp(token.slice(timestampAt + 1, signatureAt));
        if (issuedAt === undefined) return { ok: false, reason: "malformed" };
        return { ok: true, payload: token.slice(0, timestampAt), issuedAt, secretIndex };
      }
      return { ok: false, reason: "bad-signature" };
    },
  };
}

/**
 * Signatures are compared as text and not as bytes: base64 has several spellings of the same bytes
 * (the last character's unused bits), and only the one that we would write may pass.
 */
function equalInConstantTime(expected: string, given: string): boolean {
  if (expected.length !== given.length) return false;
  let difference = 0;
  for (let i = 0; i < expected.length; i++) {
    difference |= expected.charCodeAt(i) ^ given.charCodeAt(i);
  }
  return difference === 0;
}

/** Big-endian without leading zero bytes, as itsdangerous writes it; zero is the empty text. */
function encodeTimestamp(seconds: number): string {
  const bytes: number[] = [];
  for (let rest = seconds; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return bytesToBase64Url(Uint8Array.from(bytes));
}

function decodeTimestamp(text: string): number | undefined {
  // Of what is not base64url, Node's decoder reads a part, and `atob` throws.
  if (!/^[\w-]*$/.test(text) || text.length % 4 === 1) return undefined;
  const seconds = base64UrlToBytes(text).reduce((sum, byte) => sum * 256 + byte, 0);
  return Number.isSafeInteger(seconds) ? seconds : undefined;
}
