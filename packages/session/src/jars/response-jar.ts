import type { SetCookie } from "../cookie/cookie.ts";
import type { CookieJar, Origin } from "./cookie-jar.ts";
import { isResponseComplete } from "./next-internals.ts";
import { tooLate } from "./read-only.ts";
import { originOf, type ReadHeader } from "./request-headers.ts";

/** Puts cookies on one response. */
export interface CookieSink {
  /** @throws SessionReadOnlyError (`ERR_SESSION_READ_ONLY`) */
  assertWritable(): void;
  /** @throws SessionReadOnlyError (`ERR_SESSION_READ_ONLY`) */
  set(cookies: readonly SetCookie[]): void;
  /** Keeps the session's cookie of this name from other origins. */
  withhold?(name: string): void;
  /** Calls back when the response is complete, where that can be known. For development. */
  afterResponse?(callback: () => void): Promise<void>;
  /** Was the response read since its cookies were set? For development. */
  isTaken?(): boolean;
}

export interface Address extends Partial<Origin> {
  readonly path: string;
}

/**
 * The jar of a request whose responses are at hand. There can be several: a proxy may begin with
 * `NextResponse.next()` and end with a redirect. The one that is returned has the cookie.
 */
export class ResponseJar implements CookieJar {
  /** The first object that stood for this request: a proxy may copy it. */
  readonly request: object;
  readonly cookieHeader: string;
  readonly method: string | undefined;
  readonly header: ReadHeader;
  readonly #address: () => Address;
  readonly #sinks = new Map<object, CookieSink>();
  readonly #sent = new Map<string, SetCookie>();

  /** @param address What the request says of itself, where no header says more. */
  constructor(
    request: { readonly method?: string | undefined },
    header: ReadHeader,
    address: () => Address,
  ) {
    this.request = request;
    this.method = request.method;
    this.cookieHeader = header("cookie") ?? "";
    this.header = header;
    this.#address = address;
  }

  get origin(): Origin | undefined {
    return originOf(this.header, this.#address());
  }

  attach(response: object, sink: CookieSink): void {
    if (this.#sinks.has(response)) return;
    this.#sinks.set(response, sink);
    if (this.#sent.size > 0) sink.set([...this.#sent.values()]);
  }

  withhold(name: string): void {
    for (const sink of this.#sinks.values()) sink.withhold?.(name);
  }

  assertWritable(): void {
    if (isResponseComplete()) throw tooLate();
    for (const sink of this.#sinks.values()) sink.assertWritable();
  }

  set(cookies: readonly SetCookie[]): void {
    this.assertWritable();
    for (const sink of this.#sinks.values()) sink.set(cookies);
    for (const cookie of cookies) this.#sent.set(cookie.name, cookie);
  }

  /**
   * Calls back when the response is complete, with the request's path and the cookies that no returned
   * response has.
   */
  async afterResponse(
    callback: (path: string, unsent: ReadonlySet<string>) => void,
  ): Promise<void> {
    const [first] = this.#sinks.values();
    await first?.afterResponse?.(() => {
      const isLost = [...this.#sinks.values()].every((sink) => sink.isTaken?.() === false);
      callback(this.#address().path, new Set(isLost ? this.#sent.keys() : []));
    });
  }
}
