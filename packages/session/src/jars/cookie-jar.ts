import type { SetCookie } from "../cookie/cookie.ts";
import type { Awaitable } from "../runtime/awaitable.ts";
import type { ReadHeader } from "./request-headers.ts";

/**
 * The port between a session and HTTP: where a request's cookies come from and a response's cookies
 * go to. Each adapter knows one kind of request and response. Nothing above the jars knows any.
 */
export interface CookieJar {
  /** The request's Cookie header, or `""`. */
  readonly cookieHeader: string;
  /** The site that the browser addressed, where that is known. */
  readonly origin?: Origin | undefined;
  /** The request's method, where that is known. */
  readonly method?: string | undefined;
  /** Reads one of the request's headers. */
  readonly header?: ReadHeader | undefined;
  /** Does a cookie make the browser drop the pages that it has prefetched? */
  readonly dropsPrefetchedPages?: boolean;
  /** @throws SessionReadOnlyError (`ERR_SESSION_READ_ONLY`) where no cookie can be sent */
  assertWritable(): Awaitable<void>;
  /** @throws SessionReadOnlyError (`ERR_SESSION_READ_ONLY`) where no cookie can be sent */
  set(cookies: readonly SetCookie[]): Awaitable<void>;
}

export interface Origin {
  /** `"http"` or `"https"`. */
  readonly protocol: string;
  /** The host, with its port unless that is the default. */
  readonly host: string;
}
