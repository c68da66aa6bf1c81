import { base64UrlToBytes, deflate, hmac, importHmacKey, textToBase64Url } from "#primitives";
import type { Digest } from "../../crypto/digest.ts";
import { createSigner } from "../../crypto/signer.ts";
import { type Codec, MAX_INFLATED_BYTES, type Payload } from "../codec.ts";
import { deflatedPart, textOfPart } from "../token-part.ts";
import { dumpFlaskJson } from "./dump.ts";
import { loadFlaskJson } from "./load.ts";
import { fromSessionDict, toSessionDict } from "./session-dict.ts";
import { rememberedHints } from "./type-hints.ts";
import { flaskTuple } from "./values.ts";

const SALT = "cookie-session";

const FLASHES_KEY = "_flashes";

const utf8 = new TextEncoder();

export interface FlaskOptions {
  /**
   * The session interface's `digest_method`.
   *
   * @default "SHA-1"
   */
  readonly digest?: Digest;
  /**
   * Seconds by which a signature's time lies before the true one, for a Flask whose clock is late.
   *
   * @default 0
   */
  readonly backdating?: number;
}

/**
 * Flask's own cookie, as its SecureCookieSessionInterface makes it with itsdangerous'
 * URLSafeTimedSerializer: `[.]base64url(json).base64url(timestamp).base64url(HMAC)`, where a leading
 * dot marks compressed JSON. The format of Flask 1.0 and later with itsdangerous 1.1 and later.
 */
export function flaskCodec(
  secrets: readonly string[],
  { digest = "SHA-1", backdating = 0 }: FlaskOptions = {},
): Codec {
  const signer = createSigner({
    secrets,
    digest,
    async deriveKey(secret) {
      const key = await importHmacKey(utf8.encode(secret), digest);
      return base64UrlToBytes(await hmac(key, SALT));
    },
  });

  return {
    serialize: dumpSession,
    parse: loadSession,

    async decode(value) {
      const unsigned = await signer.unsign(value);
      if (!unsigned.ok) return unsigned;
      const { issuedAt, secretIndex } = unsigned;
      try {
        const payload = loadSession(await textOfPart(unsigned.payload));
        // The received text cannot be used: `app.json.sort_keys = False` leaves its keys unsorted.
        return { ok: true, payload, text: dumpSession(payload), issuedAt, secretIndex };
      } catch {
        return { ok: false, reason: "malformed" };
      }
    },

    encode: async (text, issuedAt) => signer.sign(await toPart(text), issuedAt - backdating),
  };
}

function dumpSession(payload: Payload): string {
  const session = toSessionDict(payload, false);
  if (FLASHES_KEY in session) session[FLASHES_KEY] = asFlaskFlashes(session[FLASHES_KEY]);
  return dumpFlaskJson(session, payload.typeHints);
}

function loadSession(text: string): Payload {
  return fromSessionDict(loadFlaskJson(text), false);
}

/** Flask's `flash()` appends tuples, and its applications compare them with tuples. */
function asFlaskFlashes(flashes: unknown): unknown {
  if (!Array.isArray(flashes)) return flashes;
  return flashes.map((flash) =>
    Array.isArray(flash) && !rememberedHints(flash) ? flaskTuple(...flash) : flash,
  );
}

/** As itsdangerous decides it: compressed if that is shorter, the dot included. */
async function toPart(text: string): Promise<string> {
  // What could not be read back is left at its length, for the cookie's limit to refuse.
  if (text.length <= MAX_INFLATED_BYTES) {
    const compressed = await deflate(text);
    // Characters are bytes here: Flask's JSON is ASCII.
    if (compressed.length < text.length - 1) return deflatedPart(compressed);
  }
  return textToBase64Url(text);
}
