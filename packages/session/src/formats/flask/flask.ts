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
import { dumpFlaskJson } from "./dump.ts";
import { loadFlaskJson } from "./load.ts";
import { rememberedHints } from "./type-hints.ts";
import { flaskTuple } from "./values.ts";

const SALT = "cookie-session";

const PERMANENT_KEY = "_permanent";
/** Long, since any key can be the application's own. Flask carries it along as it does any other. */
const CREATED_AT_KEY = "_next_signed_session_created_at";
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
        // Not the text as it came, whose keys are unsorted under `app.json.sort_keys = False`.
        return { ok: true, payload, text: dumpSession(payload), issuedAt, secretIndex };
      } catch {
        return { ok: false, reason: "malformed" };
      }
    },

    encode: async (text, issuedAt) => signer.sign(await toPart(text), issuedAt - backdating),
  };
}

function dumpSession({ data, permanent, createdAt, typeHints }: Payload): string {
  refuseReserved(data, PERMANENT_KEY, "keeps `permanent`: set session.permanent instead");
  refuseReserved(data, CREATED_AT_KEY, "keeps the session's beginning: use another name");
  const session = { ...data };
  if (FLASHES_KEY in session) session[FLASHES_KEY] = asFlaskFlashes(session[FLASHES_KEY]);
  if (permanent) session[PERMANENT_KEY] = true;
  if (createdAt !== undefined) session[CREATED_AT_KEY] = createdAt;
  return dumpFlaskJson(session, typeHints);
}

function refuseReserved(data: Record<string, unknown>, key: string, advice: string): void {
  if (!Object.hasOwn(data, key)) return;
  throw new SessionSerializationError(
    "ERR_SESSION_SERIALIZATION",
    `session.${key} is where Flask's format ${advice}.`,
  );
}

/** Flask's `flash()` appends tuples, and its applications compare them with tuples. */
function asFlaskFlashes(flashes: unknown): unknown {
  if (!Array.isArray(flashes)) return flashes;
  return flashes.map((flash) =>
    Array.isArray(flash) && !rememberedHints(flash) ? flaskTuple(...flash) : flash,
  );
}

function loadSession(text: string): Payload {
  const session = loadFlaskJson(text);
  if (!isPlainObject(session)) throw new SyntaxError("the session is not an object");
  const { [PERMANENT_KEY]: permanent, [CREATED_AT_KEY]: createdAt, ...data } = session;
  const payload = { data, permanent: Boolean(permanent), typeHints: session };
  if (createdAt === undefined) return payload;
  // Ignored, it would give a session that has lasted too long a new beginning.
  if (!Number.isSafeInteger(createdAt)) throw new SyntaxError("the beginning is not a time");
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
