import type { SetCookie } from "../cookie/cookie.ts";
import { isDevelopment } from "../runtime/environment.ts";
import type { CookieJar, Origin } from "./cookie-jar.ts";
import {
  type CookieStore,
  isInPrivateCache,
  loadNext,
  type Next,
  type RequestHeaders,
  untilRequest,
} from "./next-api.ts";
import {
  currentRoute,
  isForcedStatic,
  isInProxy,
  isInRouteHandler,
  isResponseComplete,
  requestBehind,
} from "./next-internals.ts";
import { isActionByScript, originOf, type ReadHeader } from "./request-headers.ts";

/** The jar of the request that Next is handling: server components, actions and route handlers. */
export class NextJar implements CookieJar {
  /**
   * The same object all through one request, also in its private caches and in an action's re-render,
   * and in no other request.
   */
  readonly request: object;
  readonly cookieHeader: string;
  readonly #headers: RequestHeaders;
  readonly #next: Next;
  readonly #unsent = new Set<string>();

  private constructor(headers: RequestHeaders, next: Next) {
    this.request = requestBehind(headers);
    this.cookieHeader = headers.get("cookie") ?? "";
    this.#headers = headers;
    this.#next = next;
  }

  static async ofThisRequest(): Promise<NextJar> {
    if (typeof document === "object") throw (await import("../errors/in-browser.ts")).inBrowser();
    if (isInProxy()) throw (await refusals()).inProxy();
    if (isForcedStatic()) throw (await refusals()).inStaticRoute();
    const next = await loadNext();
    try {
      const jar = new NextJar(await next.headers(), next);
      await untilRequest(next);
      return jar;
    } catch (error) {
      throw (await refusals()).explained(error);
    }
  }

  get origin(): Origin | undefined {
    return originOf(this.header, {});
  }

  /** Next answers an action that set a cookie with `x-action-revalidated`. */
  get dropsPrefetchedPages(): boolean {
    return isActionByScript(this.header);
  }

  readonly header: ReadHeader = (name) => this.#headers.get(name);

  async assertWritable(): Promise<void> {
    await this.#write((store) => {
      try {
        store.set(UNREADABLE_COOKIE);
      } catch (error) {
        if (error !== WAS_READ) throw error;
      }
    });
  }

  async set(cookies: readonly SetCookie[]): Promise<void> {
    const isWatched = isDevelopment() && isInRouteHandler();
    const watch = isWatched ? await import("./handler-watch.ts") : undefined;
    const store = await this.#write((writable) => {
      for (const cookie of cookies) writable.set(cookie);
    });
    watch?.watchCopying(store, cookies, this.#unsent);
  }

  /**
   * Calls back when the response is complete, with the route and with the cookies that were set and
   * never sent. For development: it costs a small route 5 % of its throughput.
   */
  afterResponse(callback: (route: string, unsent: ReadonlySet<string>) => void): void {
    const route = currentRoute() ?? "this route";
    this.#next.after(() => callback(route, this.#unsent));
  }

  async #write(write: (store: CookieStore) => void): Promise<CookieStore> {
    // Next takes a cookie after the response as well, and drops it.
    if (isResponseComplete()) throw (await refusals()).tooLate();
    const store = await this.#next.cookies();
    try {
      write(store);
    } catch (cause) {
      // Next throws a plain Error here: only its text distinguishes it from others.
      if (!/can only be modified/.test(String(cause))) throw cause;
      const { savedInPrivateCache, savedWhileRendering } = await refusals();
      throw (isInPrivateCache(this.#next) ? savedInPrivateCache : savedWhileRendering)(cause);
    }
    return store;
  }
}

/**
 * Next has no way to ask whether cookies can be set. It refuses before it looks at a cookie, so one
 * that throws when it is looked at gives the answer and is never set.
 */
const WAS_READ = new Error("cookies can be set here");
const UNREADABLE_COOKIE: { readonly name: string; readonly value: string } = {
  get name(): never {
    throw WAS_READ;
  },
  value: "",
};

const refusals = () => import("./next-refusals.ts");
