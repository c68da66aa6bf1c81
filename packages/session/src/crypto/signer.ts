import { type HmacKey, hmac, importHmacKey } from "#primitives";
import { type Awaitable, whenReady } from "../runtime/awaitable.ts";
import { BASE64URL_ALPHABET } from "./base64url.ts";
import { equalInConstantTime } from "./constant-time.ts";
import type { Digest } from "./digest.ts";

export interface SignerOptions {
  /** The first one signs, and all of them verify. */
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

export interface Unverified {
  readonly ok: false;
  readonly reason: "malformed" | "bad-signature";
}

export interface Signer {
  sign(payload: string, issuedAt: number): Awaitable<string>;
  unsign(token: string): Awaitable<Unsigned | Unverified>;
}

/** The layout of itsdangerous' TimestampSigner: `payload.timestamp.signature`. */
export function createSigner({ secrets, digest, deriveKey }: SignerOptions): Signer {
  let keys: Awaitable<HmacKey[]> | undefined;
  const importKeys = () => {
    keys ??= Promise.all(
      secrets.map(async (secret) => importHmacKey(await deriveKey(secret), digest)),
    ).then((imported) => {
      keys = imported;
      return imported;
    });
    return keys;
  };

  return {
    sign: (payload, issuedAt) =>
      whenReady(importKeys(), ([current]) => {
        const message = `${payload}.${timestampOf(issuedAt)}`;
        return whenReady(hmac(current as HmacKey, message), (mac) => `${message}.${mac}`);
      }),

    unsign(token) {
      const signatureAt = token.lastIndexOf(".");
      const timestampAt = token.lastIndexOf(".", signatureAt - 1);
      if (signatureAt < 1 || timestampAt < 0) return { ok: false, reason: "malformed" };

      const message = token.slice(0, signatureAt);
      const signature = token.slice(signatureAt + 1);
      return whenReady(importKeys(), (keys) =>
        whenReady(findKey(keys, message, signature), (secretIndex) => {
          if (secretIndex < 0) return { ok: false, reason: "bad-signature" };
          const issuedAt = decodeTimestamp(token.slice(timestampAt + 1, signatureAt));
          if (issuedAt === undefined) return { ok: false, reason: "malformed" };
          return { ok: true, payload: token.slice(0, timestampAt), issuedAt, secretIndex };
        }),
      );
    },
  };
}

/** The index of the first key that gives this signature, or -1. */
function findKey(
  keys: readonly HmacKey[],
  message: string,
  signature: string,
  index = 0,
): Awaitable<number> {
  const key = keys[index];
  if (!key) return -1;
  return whenReady(hmac(key, message), (expected) =>
    equalInConstantTime(expected, signature) ? index : findKey(keys, message, signature, index + 1),
  );
}

/** Six bytes of seconds are 8.9 million years, and still an exact number. */
const LAST_TIMESTAMP = 2 ** 48 - 1;

let latest = { seconds: 0, text: "" };

/** Cached for the rest of its second: encoding it takes a fifth of the time of a signature. */
function timestampOf(seconds: number): string {
  if (seconds !== latest.seconds) latest = { seconds, text: encodeTimestamp(seconds) };
  return latest.text;
}

/** As in itsdangerous: big-endian bytes without leading zeros, in base64url. Zero is empty text. */
function encodeTimestamp(seconds: number): string {
  let bits = 0;
  while (seconds >= 2 ** bits) bits += 8;
  const padding = (6 - (bits % 6)) % 6;
  let text = "";
  for (let rest = seconds * 2 ** padding; text.length * 6 < bits; rest = Math.floor(rest / 64)) {
    text = BASE64URL_ALPHABET.charAt(rest % 64) + text;
  }
  return text;
}

export function decodeTimestamp(text: string): number | undefined {
  let sextets = 0;
  for (const character of text) {
    const sextet = BASE64URL_ALPHABET.indexOf(character);
    if (sextet < 0) return undefined;
    sextets = sextets * 64 + sextet;
  }
  const padding = (text.length * 6) % 8;
  const seconds = Math.floor(sextets / 2 ** padding);
  return padding < 6 && seconds <= LAST_TIMESTAMP ? seconds : undefined;
}
