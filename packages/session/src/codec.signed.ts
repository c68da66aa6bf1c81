import {
  base64UrlToBytes,
  base64UrlToText,
  bytesToBase64Url,
  deflate,
  inflate,
  textToBase64Url,
} from "#primitives";
import { whenReady } from "./awaitable.ts";
import { type Codec, type Decoded, MAX_INFLATED_BYTES, type Rejected } from "./codec.ts";
import { deriveKey } from "./derive-key.ts";
import { dumpPayload, loadPayload } from "./payload.ts";
import { createSigner, type Unsigned } from "./signer.ts";

/**
 * `base64url(json).base64url(timestamp).base64url(HMAC-SHA-256)`, readable by anyone. As in
 * itsdangerous, a leading dot tells that the JSON is deflated.
 */
export function signedCodec(name: string, secrets: readonly string[]): Codec {
  const signer = createSigner({
    secrets,
    digest: "SHA-256",
    deriveKey: (secret) => deriveKey(secret, ["signed", name]),
  });

  return {
    serialize: dumpPayload,
    parse: loadPayload,

    decode(value) {
      // A seal, from before a change of format: who forgot to accept it should be told so.
      if (value.startsWith("Fe26.2*")) return { ok: false, reason: "unknown-format" };
      return whenReady(signer.unsign(value), (unsigned) => {
        if (!unsigned.ok) return unsigned;
        return unsigned.payload.startsWith(".") ? readDeflated(unsigned) : read(unsigned);
      });
    },

    encode: (text, issuedAt, deflated) =>
      deflated ? encodeDeflated(text, issuedAt) : signer.sign(textToBase64Url(text), issuedAt),
  };

  async function encodeDeflated(text: string, issuedAt: number): Promise<string> {
    return signer.sign(`.${bytesToBase64Url(await deflate(text))}`, issuedAt);
  }
}

function read(unsigned: Unsigned, text?: string): Decoded | Rejected {
  const { issuedAt, secretIndex } = unsigned;
  try {
    const json = text ?? base64UrlToText(unsigned.payload);
    return { ok: true, payload: loadPayload(json), text: json, issuedAt, secretIndex };
  } catch {
    return { ok: false, reason: "malformed" };
  }
}

async function readDeflated(unsigned: Unsigned): Promise<Decoded | Rejected> {
  try {
    const bytes = base64UrlToBytes(unsigned.payload.slice(1));
    return read(unsigned, await inflate(bytes, MAX_INFLATED_BYTES));
  } catch {
    return { ok: false, reason: "malformed" };
  }
}
