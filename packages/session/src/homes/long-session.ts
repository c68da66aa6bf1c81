import { MAX_COOKIE_BYTES, type SetCookie } from "../cookie/cookie.ts";
import { fitsOneCookie, serializeCookie } from "../cookie/set-cookie.ts";
import { MAX_CHUNKED_BYTES, splitCookie } from "../cookie/split.ts";
import { SessionTooLargeError } from "../errors/errors.ts";
import { type Codec, MAX_INFLATED_BYTES, type Payload } from "../formats/codec.ts";

/** A session that may not fit one cookie as it is. */
export interface LongSession {
  readonly cookie: SetCookie;
  readonly payload: Payload;
  readonly text: string;
  /** Unix time in seconds. */
  readonly issuedAt: number;
}

export interface LongSessionOptions {
  /** Is the value deflated wherever that makes it shorter, instead of only if it would not fit? */
  readonly compress: boolean;
  /** May it use several cookies? */
  readonly chunk: boolean;
  /** Would the option `chunk` help? */
  readonly couldChunk: boolean;
}

/**
 * One cookie, with the session deflated where it must be, or several if `chunk` allows them.
 *
 * @throws SessionTooLargeError (`ERR_SESSION_TOO_LARGE`)
 */
export async function shortened(
  codec: Codec,
  { cookie: plain, payload, text, issuedAt }: LongSession,
  { compress, chunk, couldChunk }: LongSessionOptions,
): Promise<readonly SetCookie[]> {
  if (!compress && fitsOneCookie(plain)) return [plain];
  const canBeRead = text.length <= MAX_INFLATED_BYTES / MAX_UTF8_BYTES_PER_UTF16_UNIT;
  const deflated = canBeRead ? await codec.encode(text, issuedAt, { deflate: true }) : plain.value;
  const cookie = deflated.length < plain.value.length ? { ...plain, value: deflated } : plain;
  if (fitsOneCookie(cookie)) return [cookie];
  const chunks = chunk ? splitCookie(cookie) : undefined;
  if (chunks) return chunks;

  const limit = chunk
    ? `even in chunks, which may have ${MAX_CHUNKED_BYTES} together`
    : `in one: a browser drops a cookie of more than ${MAX_COOKIE_BYTES}, name and attributes included`;
  const advice = couldChunk ? ", or set `chunk: true` for up to four cookies" : "";
  throw new SessionTooLargeError(
    "ERR_SESSION_TOO_LARGE",
    `The session takes ${serializeCookie(cookie).length} bytes as a cookie and does not fit ${limit}. Its largest keys, as JSON: ${largestKeys(codec, payload)}. Keep large data on the server and its id in the session${advice}.`,
  );
}

function largestKeys(codec: Codec, { data, typeHints }: Payload): string {
  const utf8 = new TextEncoder();
  return Object.keys(data)
    .map((key) => {
      const one = { data: { [key]: data[key] }, permanent: false, typeHints };
      return { key, bytes: utf8.encode(codec.serialize(one)).length - "{}".length };
    })
    .sort((a, b) => b.bytes - a.bytes)
    .slice(0, 3)
    .map(({ key, bytes }) => `${key} (${bytes} bytes)`)
    .join(", ");
}

const MAX_UTF8_BYTES_PER_UTF16_UNIT = 3;
