import {
  base64UrlToBytes,
  type Digest,
  deflate,
  hmac,
  importHmacKey,
  textToBase64Url,
} from "#primitives";
import { createSigner } from "../../crypto/signer.ts";
import { SessionSerializationError } from "../../errors/errors.ts";
import { isPlainObject } from "../../runtime/plain-object.ts";
import { type Codec, MAX_INFLATED_BYTES, type Payload } from "../codec.ts";
import { deflatedPart, textOfPart } from "../token-part.ts";
import { dumpFlaskJson, loadFlaskJson } from "./flask-json.ts";

const SALT = "cookie-session";

/** Where Flask keeps `session.permanent`: among the data. */
const PERMANENT_KEY = "_permanent";
/** A key of ours, which Flask carries along as it does any other. */
const CREATED_AT_KEY = "_created_at";

const utf8 = new TextEncoder();

/**
 * Flask's own cookie, as its SecureCookieSessionInterface makes it with itsdangerous'
 * URLSafeTimedSerializer: `[.]base64url(json).base64url(timestamp).base64url(HMAC)`, where a leading
 * dot tells that the JSON is compressed. The format of Flask 1.0 and later with itsdangerous 1.1 and
 * later.
 *
 * `digest` is the interface's `digest_method`: SHA-1, unless the application changed it.
 */
export function flaskCodec(secrets: readonly string[], digest: Digest = "SHA-1"): Codec {
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
        // Not the text as it came, whose keys are unsorted under `app.json.sort_keys = False`.
        return { ok: true, payload, text: dumpSession(payload), issuedAt, secretIndex };
      } catch {
        return { ok: false, reason: "malformed" };
      }
    },

    encode: async (text, issuedAt) => signer.sign(await toPart(text), issuedAt),
  };
}

function dumpSession({ data, permanent, createdAt, typeHints }: Payload): string {
  if (Object.hasOwn(data, PERMANENT_KEY)) {
    throw new SessionSerializationError(
      "ERR_SESSION_SERIALIZATION",
      `session.${PERMANENT_KEY} is where Flask's format keeps \`permanent\`: set session.permanent instead.`,
    );
  }
  const session = { ...data };
  if (permanent) session[PERMANENT_KEY] = true;
  if (createdAt !== undefined) session[CREATED_AT_KEY] = createdAt;
  return dumpFlaskJson(session, typeHints);
}

function loadSession(text: string): Payload {
  const session = loadFlaskJson(text);
  if (!isPlainObject(session)) throw new SyntaxError("the session is not an object");
  const { [PERMANENT_KEY]: permanent, ...data } = session;
  const payload = { data, permanent: Boolean(permanent), typeHints: session };
  const createdAt = data[CREATED_AT_KEY];
  if (!Number.isSafeInteger(createdAt)) return payload;
  delete data[CREATED_AT_KEY];
  return { ...payload, createdAt: createdAt as number };
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
