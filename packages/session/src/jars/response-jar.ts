import type { SetCookie } from "../cookie/cookie.ts";
import type { CookieJar, Origin } from "./cookie-jar.ts";
import { originOf, type ReadHeader } from "./request-headers.ts";

/** Puts cookies on one response. */
export interface CookieSink {
  /** @throws SessionReadOnlyError (`ERR_SESSION_READ_ONLY`) */
  assertWritable(): void;
  /** @throws SessionReadOnlyError (`ERR_SESSION_READ_ONLY`) */
  set(cookies: readonly SetCookie[]): void;
}

/**
 * The jar of a request whose responses are at hand. There can be several: a proxy may begin with
 * `NextResponse.next()` and end with a redirect. The one that is returned has the cookie.
 */
export class ResponseJar implements CookieJar {
  readonly cookieHeader: string;
  readonly header: ReadHeader;
  readonly #ownOrigin: () => Partial<Origin>;
  readonly #sinks = new Map<object, CookieSink>();
  readonly #sent = new Map<string, SetCookie>();

  /** @param ownOrigin What the request says of itself, where no header says more. */
  constructor(header: ReadHeader, ownOrigin: () => Partial<Origin>) {
    this.cookieHeader = header("cookie") ?? "";
    this.header = header;
    this.#ownOrigin = ownOrigin;
  }

  get origin(): Origin | undefined {
    return originOf(this.header, this.#ownOrigin());
  }

  attach(response: object, sink: CookieSink): void {
    if (this.#sinks.has(response)) return;
    this.#sinks.set(response, sink);
    if (this.#sent.size > 0) sink.set([...this.#sent.values()]);
  }

  assertWritable(): void {
    for (const sink of this.#sinks.values()) sink.assertWritable();
  }

  set(cookies: readonly SetCookie[]): void {
    for (const sink of this.#sinks.values()) sink.set(cookies);
    for (const cookie of cookies) this.#sent.set(cookie.name, cookie);
  }
}
