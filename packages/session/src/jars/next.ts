import type { SetCookie } from "../cookie/cookie.ts";
import { SessionContextError, SessionReadOnlyError } from "../errors/errors.ts";
import type { CookieJar, Origin } from "./cookie-jar.ts";
import { currentRoute, isInProxy, isInRouteHandler, isResponseComplete } from "./next-internals.ts";
import { originOf, type ReadHeader } from "./request-headers.ts";

/**
 * The jar of the request that Next is handling: server components, actions and route handlers.
 *
 * Next is imported at the first call and not above: a server of one's own that imported this package
 * before `next` would die of its first request, since Next would find no AsyncLocalStorage.
 */
export class NextJar implements CookieJar {
  /** The same object all through one request, an action's re-render included, and in no other. */
  readonly request: RequestHeaders;
  readonly cookieHeader: string;
  readonly #cookieStore: () => Promise<CookieStore>;
  readonly #unsent = new Set<string>();

  private constructor(request: RequestHeaders, cookieStore: () => Promise<CookieStore>) {
    this.request = request;
    this.cookieHeader = request.get("cookie") ?? "";
    this.#cookieStore = cookieStore;
  }

  static async ofThisRequest(): Promise<NextJar> {
    if (isInProxy()) {
      throw new SessionContextError(
        "ERR_SESSION_IN_PROXY",
        "getSession() was called without arguments in a proxy (middleware), where what it writes could not reach the page, and would erase the cookies of the response. Pass it both: const response = NextResponse.next(); await using session = await getSession(request, response); … return response;",
      );
    }
    const { headers, cookies, connection } = next ?? (await loadNext());
    try {
      const jar = new NextJar(await headers(), cookies);
      // Whether a cookie has expired is not known before its request: with Cache Components, a
      // prerender of a page that has the headers would go on, and complain that somebody reads the
      // clock.
      if (!isInRouteHandler()) await connection();
      return jar;
    } catch (error) {
      throw explained(error);
    }
  }

  get origin(): Origin | undefined {
    return originOf(this.header, {});
  }

  readonly header: ReadHeader = (name) => this.request.get(name);

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
    const store = await this.#write((writable) => {
      for (const cookie of cookies) writable.set(cookie);
    });
    if (process.env.NODE_ENV === "development" && isInRouteHandler()) this.#watch(store, cookies);
  }

  /**
   * Calls back when the response is complete, with the route and with the cookies that were set and
   * never sent. For development: it costs a small route 5 % of its throughput.
   */
  afterResponse(callback: (route: string, unsent: ReadonlySet<string>) => void): void {
    const route = currentRoute() ?? "this route";
    // Absent from Next 15.0.
    next?.after?.(() => callback(route, this.#unsent));
  }

  async #write(write: (store: CookieStore) => void): Promise<CookieStore> {
    // Next takes a cookie after the response as well, and drops it.
    if (isResponseComplete()) {
      throw readOnly(
        "after the response had gone, too late for its cookie",
        "Change it, and save it, before the handler returns.",
      );
    }
    const store = await this.#cookieStore();
    try {
      write(store);
    } catch (cause) {
      // Next throws a plain Error here: only its text tells it from any other.
      if (!/can only be modified/.test(String(cause))) throw cause;
      throw readOnly(
        "where Next.js can send no cookie: in a server component, in generateMetadata or in after()",
        "Change it in a server action, a route handler or the proxy; reading works everywhere.",
        cause,
      );
    }
    return store;
  }

  /**
   * When a route handler has returned, Next copies each cookie with a spread into the response. One
   * that it never copied was set too late, from the body's stream say, and nothing else tells. (Of an
   * action Next takes each cookie at once, and refuses one that is late.)
   */
  #watch(store: CookieStore, cookies: readonly SetCookie[]): void {
    for (const { name } of cookies) {
      this.#unsent.add(name);
      const sent = () => void this.#unsent.delete(name);
      const stored = store.get(name);
      if (stored) Object.defineProperty(stored, Symbol("sent"), { enumerable: true, get: sent });
    }
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

type Next = Pick<typeof import("next/headers.js"), "headers" | "cookies"> &
  Pick<typeof import("next/server.js"), "connection" | "after">;
type RequestHeaders = Awaited<ReturnType<Next["headers"]>>;
type CookieStore = Awaited<ReturnType<Next["cookies"]>>;

let next: Next | undefined;

async function loadNext(): Promise<Next> {
  const [{ headers, cookies }, { connection, after }] = await Promise.all([
    import("next/headers.js"),
    import("next/server.js"),
  ]);
  next = { headers, cookies, connection, after };
  return next;
}

function readOnly(problem: string, mend: string, cause?: unknown): SessionReadOnlyError {
  return new SessionReadOnlyError(
    "ERR_SESSION_READ_ONLY",
    `The session was changed ${problem}. ${mend}`,
    { cause },
  );
}

/** Next's plain Errors have no code: only their text tells them apart. All others pass unchanged. */
function explained(error: unknown): unknown {
  const text = String(error);
  if (/outside a request scope/.test(text)) {
    return new SessionContextError(
      "ERR_SESSION_OUTSIDE_REQUEST",
      "getSession() was called outside a request, so there is no cookie to read. Call it inside a server component, server action or route handler, not at a module's top level; in a proxy, the Pages Router or a server without Next.js, pass it the request and the response: getSession(request, response). To make or read a cookie's value outside a request, use encode() and decode().",
      { cause: error },
    );
  }
  if (/inside (a function cached with )?[`"]+(use cache|unstable_cache)/.test(text)) {
    return new SessionContextError(
      "ERR_SESSION_IN_CACHE",
      'getSession() was called inside "use cache" or unstable_cache(), whose result is shared between visitors. Call it outside the cached function, and pass in what the function needs of it as an argument.',
      { cause: error },
    );
  }
  if (/inside `after\(\)`/.test(text)) {
    return new SessionContextError(
      "ERR_SESSION_IN_AFTER",
      "getSession() was called inside after() by a server component, where Next.js no longer has the request. Call it before, and use the session it gave in the callback.",
      { cause: error },
    );
  }
  return error;
}
