import { fitsOneCookie, MAX_CHUNKED_BYTES, splitCookie } from "../cookie/chunks.ts";
import {
  type CookieAttributes,
  MAX_COOKIE_BYTES,
  type SetCookie,
  serializeCookie,
} from "../cookie/cookie.ts";
import { SessionTooLargeError } from "../errors/errors.ts";
import { type Codec, MAX_INFLATED_BYTES, type Payload } from "../formats/codec.ts";
import type { FormatSettings } from "../formats/formats.ts";
import { type Awaitable, whenReady } from "../runtime/awaitable.ts";
import { type Lifetime, remainingLifetime } from "../session/lifetime.ts";

export interface SessionCookiesOptions {
  readonly name: string;
  readonly attributes: CookieAttributes;
  readonly lifetime: Lifetime;
  readonly chunk: boolean;
  readonly compress: boolean;
  readonly format: FormatSettings;
}

/** Makes the Set-Cookie of a session: its name, its attributes, how long it lasts, how it fits. */
export class SessionCookies {
  readonly #options: SessionCookiesOptions;
  readonly #codec: Codec;

  constructor(options: SessionCookiesOptions, codec: Codec) {
    this.#options = options;
    this.#codec = codec;
  }

  /**
   * The payload in one cookie, or where it is too long for that and may be, in several.
   *
   * @throws SessionTooLargeError (`ERR_SESSION_TOO_LARGE`)
   */
  write(
    payload: Payload,
    text: string,
    issuedAt: number,
    chunking: { chunk: boolean } = this.#options,
  ): Awaitable<SetCookie[]> {
    return whenReady(this.#codec.encode(text, issuedAt), (value) => {
      const plain = this.cookie(value, payload, issuedAt);
      if (!this.#options.compress && fitsOneCookie(plain)) return [plain];
      return this.#writeShortened(plain, payload, text, issuedAt, chunking);
    });
  }

  async #writeShortened(
    plain: SetCookie,
    payload: Payload,
    text: string,
    issuedAt: number,
    { chunk }: { chunk: boolean },
  ): Promise<SetCookie[]> {
    const canBeRead = text.length <= MAX_INFLATED_BYTES / MOST_BYTES_OF_A_CHARACTER;
    const deflated = canBeRead ? await this.#codec.encode(text, issuedAt, true) : plain.value;
    const shorter = deflated.length < plain.value.length ? { ...plain, value: deflated } : plain;
    if (fitsOneCookie(shorter)) return [shorter];
    const chunks = chunk ? splitCookie(shorter) : undefined;
    if (chunks) return chunks;
    throw this.#tooLarge(shorter, payload, chunk);
  }

  /** A cookie of this value, that lasts as this payload says. */
  cookie(value: string, { permanent, createdAt }: Payload, issuedAt: number): SetCookie {
    const { name, attributes, lifetime } = this.#options;
    // Spelled out: a spread takes as long as a third of the signature, at each write.
    const { path, domain, httpOnly, secure, sameSite, partitioned, priority } = attributes;
    const cookie = { name, value, path, domain, httpOnly, secure, sameSite, partitioned, priority };
    if (!permanent) return cookie;
    const maxAge = remainingLifetime(createdAt, issuedAt, lifetime);
    return { ...cookie, maxAge, expires: new Date((issuedAt + maxAge) * 1000) };
  }

  /** With the attributes of the cookie itself, or the browser would take it for another one. */
  deletion(name: string): SetCookie {
    return { name, value: "", ...this.#options.attributes, maxAge: 0, expires: new Date(0) };
  }

  #tooLarge(cookie: SetCookie, payload: Payload, chunk: boolean): SessionTooLargeError {
    const limit = chunk
      ? `even in chunks, as which it may have ${MAX_CHUNKED_BYTES}`
      : `in one: a browser drops what is over ${MAX_COOKIE_BYTES}, name and attributes included`;
    const { chunk: chunked, format } = this.#options;
    // Flask reads one cookie.
    const canChunk = !chunked && format.format !== "flask";
    const mend = canChunk ? ", or set `chunk: true` for up to four cookies" : "";
    return new SessionTooLargeError(
      "ERR_SESSION_TOO_LARGE",
      `The session takes ${serializeCookie(cookie).length} bytes as a cookie and does not fit ${limit}. Its largest keys, as JSON: ${this.#largestKeys(payload)}. Keep large data on the server and its id in the session${mend}.`,
    );
  }

  #largestKeys({ data, typeHints }: Payload): string {
    const utf8 = new TextEncoder();
    return Object.keys(data)
      .map((key) => {
        const one = { data: { [key]: data[key] }, permanent: false, typeHints };
        return { key, bytes: utf8.encode(this.#codec.serialize(one)).length - "{}".length };
      })
      .sort((a, b) => b.bytes - a.bytes)
      .slice(0, 3)
      .map(({ key, bytes }) => `${key} (${bytes} bytes)`)
      .join(", ");
  }
}

/** Of UTF-8, for one of UTF-16's. */
const MOST_BYTES_OF_A_CHARACTER = 3;
