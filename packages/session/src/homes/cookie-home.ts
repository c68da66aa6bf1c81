import { type SetCookie, surelyFits } from "../cookie/cookie.ts";
import type { Codec, Payload } from "../formats/codec.ts";
import { type Awaitable, whenReady } from "../runtime/awaitable.ts";
import { isEmpty, type SessionChange, type SessionHome, type Written } from "./home.ts";
import type { LongSession } from "./long-session.ts";
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
      if (!this.#options.compress && surelyFits(plain)) return [plain];
      return this.#shortened({ cookie: plain, payload, text, issuedAt }, chunk);
    });
  }

  /** Most sessions surely fit, and need no code for those that may not. */
  async #shortened(session: LongSession, chunk: boolean): Promise<readonly SetCookie[]> {
    const { shortened } = await import("./long-session.ts");
    const { compress, canChunk } = this.#options;
    const couldChunk = canChunk && !this.#options.chunk;
    return shortened(this.#codec, session, { compress, chunk, couldChunk });
  }
}
