import { fitsOneCookie, MAX_CHUNKED_BYTES, splitCookie } from "../cookie/chunks.ts";
import { MAX_COOKIE_BYTES, type SetCookie, serializeCookie } from "../cookie/cookie.ts";
import { SessionTooLargeError } from "../errors/errors.ts";
import { type Codec, MAX_INFLATED_BYTES, type Payload } from "../formats/codec.ts";
import { type Awaitable, whenReady } from "../runtime/awaitable.ts";
import { isEmpty, type SessionChange, type SessionHome, type Written } from "./home.ts";
import type { SessionCookie } from "./session-cookie.ts";

export interface CookieHomeOptions {
  /** May a session that is too long for one cookie use several? */
  readonly chunk: boolean;
  /** Is a value deflated wherever that makes it shorter, instead of only if it would not fit? */
  readonly compress: boolean;
  /** Does this format allow the option `chunk`? */
  readonly canChunk: boolean;
}

/** Keeps a session in the cookie itself. */
export class CookieHome implements SessionHome {
  readonly hasIds = false;
  readonly serialize: Codec["serialize"];
  readonly parse: Codec["parse"];
  readonly read: Codec["decode"];
  readonly #codec: Codec;
  readonly #cookie: SessionCookie;
  readonly #options: CookieHomeOptions;

  constructor(codec: Codec, cookie: SessionCookie, options: CookieHomeOptions) {
    this.serialize = codec.serialize;
    this.parse = codec.parse;
    this.read = codec.decode;
    this.#codec = codec;
    this.#cookie = cookie;
    this.#options = options;
  }

  write({ payload, text, issuedAt }: SessionChange): Awaitable<Written> {
    if (isEmpty(payload)) return { cookies: [], held: undefined };
    return whenReady(this.#encode(payload, text, issuedAt, this.#options.chunk), (cookies) => ({
      cookies,
      held: { ok: true, payload, text, issuedAt },
    }));
  }

  encode(payload: Payload, text: string, issuedAt: number): Awaitable<string> {
    return whenReady(
      this.#encode(payload, text, issuedAt, false),
      ([cookie]) => (cookie as SetCookie).value,
    );
  }

  /** One cookie, or several if the payload is too long for one and `chunk` allows it. */
  #encode(
    payload: Payload,
    text: string,
    issuedAt: number,
    chunk: boolean,
  ): Awaitable<readonly SetCookie[]> {
    return whenReady(this.#codec.encode(text, issuedAt), (value) => {
      const plain = this.#cookie.withValue(value, payload, issuedAt);
      if (!this.#options.compress && fitsOneCookie(plain)) return [plain];
      return this.#shortened(plain, payload, text, issuedAt, chunk);
    });
  }

  async #shortened(
    plain: SetCookie,
    payload: Payload,
    text: string,
    issuedAt: number,
    chunk: boolean,
  ): Promise<readonly SetCookie[]> {
    const canBeRead = text.length <= MAX_INFLATED_BYTES / MAX_UTF8_BYTES_PER_UTF16_UNIT;
    const deflated = canBeRead
      ? await this.#codec.encode(text, issuedAt, { deflate: true })
      : plain.value;
    const shorter = deflated.length < plain.value.length ? { ...plain, value: deflated } : plain;
    if (fitsOneCookie(shorter)) return [shorter];
    const chunks = chunk ? splitCookie(shorter) : undefined;
    if (chunks) return chunks;
    throw this.#tooLarge(shorter, payload, chunk);
  }

  #tooLarge(cookie: SetCookie, payload: Payload, chunk: boolean): SessionTooLargeError {
    const limit = chunk
      ? `even in chunks, which may have ${MAX_CHUNKED_BYTES} together`
      : `in one: a browser drops a cookie of more than ${MAX_COOKIE_BYTES}, name and attributes included`;
    const { chunk: chunked, canChunk } = this.#options;
    const advice = canChunk && !chunked ? ", or set `chunk: true` for up to four cookies" : "";
    return new SessionTooLargeError(
      "ERR_SESSION_TOO_LARGE",
      `The session takes ${serializeCookie(cookie).length} bytes as a cookie and does not fit ${limit}. Its largest keys, as JSON: ${this.#largestKeys(payload)}. Keep large data on the server and its id in the session${advice}.`,
    );
  }

  #largestKeys({ data, typeHints }: Payload): string {
    const utf8 = new TextEncoder();
    return Object.keys(data)
      .map((key) => {
        const one = { data: { [key]: data[key] }, permanent: false, typeHints };
        return { key, bytes: utf8.encode(this.serialize(one)).length - "{}".length };
      })
      .sort((a, b) => b.bytes - a.bytes)
      .slice(0, 3)
      .map(({ key, bytes }) => `${key} (${bytes} bytes)`)
      .join(", ");
  }
}

const MAX_UTF8_BYTES_PER_UTF16_UNIT = 3;
