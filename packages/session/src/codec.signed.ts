import {
  base64UrlToBytes,
  base64UrlToText,
  bytesToBase64Url,
  deflate,
  inflate,
  textToBase64Url,
} from "#primitives";
import { type Codec, MAX_INFLATED_BYTES } from "./codec.ts";
import { deriveKey } from "./derive-key.ts";
import { dumpPayload, loadPayload } from "./payload.ts";
import { createSigner } from "./signer.ts";

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

    async decode(value) {
      // A seal, from before a change of format: who forgot to accept it should be told so.
      if (value.startsWith("Fe26.2*")) return { ok: false, reason: "unknown-format" };
      const unsigned = await signer.unsign(value);
      if (!unsigned.ok) return unsigned;
      const { issuedAt, secretIndex } = unsigned;
      try {
        const text = unsigned.payload.startsWith(".")
          ? await inflate(base64UrlToBytes(unsigned.payload.slice(1)), MAX_INFLATED_BYTES)
          : base64UrlToText(unsigned.payload);
        return { ok: true, payload: loadPayload(text), text, issuedAt, secretIndex };
      } catch {
        return { ok: false, reason: "malformed" };
      }
    },

    encode: (text, issuedAt, deflated) =>
      deflated ? encodeDeflated(text, issuedAt) : signer.sign(textToBase64Url(text), issuedAt),
  };

  async function encodeDeflated(text: string, issuedAt: number): Promise<string> {
    return signer.sign(`.${bytesToBase64Url(await deflate(text))}`, issuedAt);
  }
}
