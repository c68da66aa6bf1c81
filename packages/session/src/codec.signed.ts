import { base64UrlToText, textToBase64Url } from "#primitives";
import type { Codec } from "./codec.ts";
import { deriveKey } from "./derive-key.ts";
import { dumpPayload, loadPayload } from "./payload.ts";
import { createSigner } from "./signer.ts";

/** `base64url(json).base64url(timestamp).base64url(HMAC-SHA-256)`, readable by anyone. */
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
      const unsigned = await signer.unsign(value);
      if (!unsigned.ok) return unsigned;
      const { issuedAt, secretIndex } = unsigned;
      try {
        const text = base64UrlToText(unsigned.payload);
        return { ok: true, payload: loadPayload(text), text, issuedAt, secretIndex };
      } catch {
        return { ok: false, reason: "malformed" };
      }
    },

    encode: (text, issuedAt) => signer.sign(textToBase64Url(text), issuedAt),
  };
}
