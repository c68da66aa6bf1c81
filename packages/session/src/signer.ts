import { type Digest, type HmacKey, hmac, importHmacKey } from "#primitives";
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
  let importing: Promise<HmacKey[]> | undefined;
  let imported: HmacKey[] | undefined;
  const importKeys = async () => {
    importing ??= Promise.all(
      secrets.map(async (secret) => importHmacKey(await deriveKey(secret), digest)),
    );
    imported = await importing;
    return imported;
  };

  return {
    async sign(payload, issuedAt) {
      const current = (imported ?? (await importKeys()))[0] as HmacKey;
      const message = `${payload}.${encodeTimestamp(issuedAt)}`;
      return `${message}.${await hmac(current, message)}`;
    },

    async unsign(token) {
      const signatureAt = token.lastIndexOf(".");
      const timestampAt = token.slice(0, Math.max(signatureAt, 0)).lastIndexOf(".");
      if (timestampAt < 0) return { ok: false, reason: "malformed" };

      const message = token.slice(0, signatureAt);
      const signature = token.slice(signatureAt + 1);
      for (const [secretIndex, key] of (imported ?? (await importKeys())).entries()) {
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

const BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** What six bytes hold, which is 8.9 million years; so that it can be reckoned as a number. */
const LAST_TIMESTAMP = 2 ** 48 - 1;

/** As itsdangerous writes it: big-endian bytes without leading zeros, in base64url. Zero is empty. */
function encodeTimestamp(seconds: number): string {
  let bits = 0;
  while (seconds >= 2 ** bits) bits += 8;
  const padding = (6 - (bits % 6)) % 6;
  let text = "";
  for (let rest = seconds * 2 ** padding; text.length * 6 < bits; rest = Math.floor(rest / 64)) {
    text = BASE64URL.charAt(rest % 64) + text;
  }
  return text;
}

export function decodeTimestamp(text: string): number | undefined {
  let sextets = 0;
  for (const character of text) {
    const sextet = BASE64URL.indexOf(character);
    if (sextet < 0) return undefined;
    sextets = sextets * 64 + sextet;
  }
  const padding = (text.length * 6) % 8;
  const seconds = Math.floor(sextets / 2 ** padding);
  return padding < 6 && seconds <= LAST_TIMESTAMP ? seconds : undefined;
}
