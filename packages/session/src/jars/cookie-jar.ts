import type { SetCookie } from "../cookie/cookie.ts";
import type { Awaitable } from "../runtime/awaitable.ts";

/**
 * The other port: where a request's cookies come from, and a response's go to. An adapter knows one
 * kind of request and response; nothing above it knows any.
 */
export interface CookieJar {
  /** The request's Cookie header, or `""`. */
  readonly cookieHeader: string;
  /** What the browser addressed, where that is known. */
  readonly origin?: Origin | undefined;
  /** Does this very answer render the page that shows what is flashed now? */
  readonly rendersPage?: boolean | undefined;
  /** Is this the page that an action redirected to, rendered within the action's answer? */
  readonly isWithinAction?: boolean | undefined;
  /**
   * Given no cookies, it only asks whether some could be sent.
   *
   * @throws SessionReadOnlyError where no cookie can be sent
   */
  set(cookies: readonly SetCookie[]): Awaitable<void>;
}

export interface Origin {
  /** `"http"` or `"https"`. */
  readonly protocol: string;
  /** Host and, if not the default, port. */
  readonly host: string;
}

/** Puts cookies on one response. Given none, it changes nothing, and throws where it could not. */
export type CookieSink = (cookies: readonly SetCookie[]) => void;

/**
 * The jar of a request whose responses are at hand. There may be several (a proxy that begins with
 * `NextResponse.next()` and ends with a redirect), and whichever is returned has the cookie.
 */
export class ResponseJar implements CookieJar {
  readonly cookieHeader: string;
  readonly isWithinAction: boolean;
  readonly #readOrigin: () => Origin | undefined;
  readonly #sinks = new Map<object, CookieSink>();
  readonly #sent = new Map<string, SetCookie>();

  constructor(cookieHeader: string, readOrigin: () => Origin | undefined, isWithinAction = false) {
    this.cookieHeader = cookieHeader;
    this.isWithinAction = isWithinAction;
    this.#readOrigin = readOrigin;
  }

  get origin(): Origin | undefined {
    return this.#readOrigin();
  }

  attach(response: object, sink: CookieSink): void {
    if (this.#sinks.has(response)) return;
    this.#sinks.set(response, sink);
    if (this.#sent.size > 0) sink([...this.#sent.values()]);
  }

  set(cookies: readonly SetCookie[]): void {
    for (const sink of this.#sinks.values()) sink(cookies);
    for (const cookie of cookies) this.#sent.set(cookie.name, cookie);
  }
}
