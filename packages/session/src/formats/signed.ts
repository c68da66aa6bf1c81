import { deflate, textToBase64Url } from "#primitives";
import { deriveKey } from "../crypto/key-derivation.ts";
import { createSigner, type Unsigned } from "../crypto/signer.ts";
import { type Awaitable, whenReady } from "../runtime/awaitable.ts";
import type { Codec, Decoded, Rejected } from "./codec.ts";
import { dumpPayload, loadPayload } from "./payload.ts";
import { deflatedPart, textOfPart } from "./token-part.ts";

/**
 * `base64url(json).base64url(timestamp).base64url(HMAC-SHA-256)`, which anyone can read. As in
 * itsdangerous, a leading dot means that the JSON is deflated.
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
      // A sealed cookie has reached the wrong codec. `unknown-format` hints that `accept` lacks it.
      if (value.startsWith("Fe26.2*")) return { ok: false, reason: "unknown-format" };
      return whenReady(signer.unsign(value), (unsigned) =>
        unsigned.ok ? decodeUnsigned(unsigned) : unsigned,
      );
    },

    encode: (text, issuedAt, options) =>
      options?.deflate
        ? whenReady(deflate(text), (bytes) => signer.sign(deflatedPart(bytes), issuedAt))
        : signer.sign(textToBase64Url(text), issuedAt),
  };
}

function decodeUnsigned({
  payload: part,
  issuedAt,
  secretIndex,
}: Unsigned): Awaitable<Decoded | Rejected> {
  try {
    const decoded = whenReady(textOfPart(part), (text): Decoded => {
      return { ok: true, payload: loadPayload(text), text, issuedAt, secretIndex };
    });
    return decoded instanceof Promise ? decoded.catch(malformed) : decoded;
  } catch {
    return malformed();
  }
}

function malformed(): Rejected {
  return { ok: false, reason: "malformed" };
}
