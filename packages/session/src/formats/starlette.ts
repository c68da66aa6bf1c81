import { createSigner } from "../crypto/signer.ts";
import type { Codec, Payload } from "./codec.ts";
import { dumpPythonJson } from "./flask/dump.ts";
import type { FlaskOptions } from "./flask/flask.ts";
import { loadPythonJson } from "./flask/load.ts";
import { fromSessionDict, toSessionDict } from "./flask/session-dict.ts";
import { fromBase64 } from "./flask/tags.ts";

const utf8 = new TextEncoder();
const fromUtf8 = new TextDecoder();

/**
 * The cookie of Starlette's SessionMiddleware, which FastAPI uses as well: itsdangerous'
 * TimestampSigner over base64 of JSON, `base64(json).base64url(timestamp).base64url(HMAC-SHA-1)`.
 */
export function starletteCodec(
  secrets: readonly string[],
  { backdating = 0 }: Pick<FlaskOptions, "backdating"> = {},
): Codec {
  const signer = createSigner({ secrets, digest: "SHA-1", deriveKey: djangoConcat });
  return {
    serialize: dumpSession,
    parse: loadSession,

    async decode(value) {
      const unsigned = await signer.unsign(value);
      if (!unsigned.ok) return unsigned;
      const { issuedAt, secretIndex } = unsigned;
      try {
        const payload = loadSession(fromUtf8.decode(fromBase64(unsigned.payload)));
        return { ok: true, payload, text: dumpSession(payload), issuedAt, secretIndex };
      } catch {
        return { ok: false, reason: "malformed" };
      }
    },

    // The text is ASCII, as `btoa` needs it.
    encode: (text, issuedAt) => signer.sign(btoa(text), issuedAt - backdating),
  };
}

/** itsdangerous' default key derivation, with its default salt. */
async function djangoConcat(secret: string): Promise<Uint8Array<ArrayBuffer>> {
  const material = utf8.encode(`itsdangerous.Signersigner${secret}`);
  return new Uint8Array(await crypto.subtle.digest("SHA-1", material));
}

/** The middleware gives every cookie a Max-Age. */
const PERMANENT_BY_DEFAULT = true;

function dumpSession(payload: Payload): string {
  return dumpPythonJson(toSessionDict(payload, PERMANENT_BY_DEFAULT), payload.typeHints);
}

function loadSession(text: string): Payload {
  return fromSessionDict(loadPythonJson(text), PERMANENT_BY_DEFAULT);
}
