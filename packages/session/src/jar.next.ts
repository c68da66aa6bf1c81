import { cookies as cookieStore, headers } from "next/headers.js";
import * as nextServer from "next/server.js";
import type { SetCookie } from "./cookie.ts";
import { SessionContextError, SessionReadOnlyError } from "./errors.ts";
import type { CookieJar, Origin } from "./jar.ts";

/** The jar of the request that Next is handling: server components, actions and route handlers. */
export class NextJar implements CookieJar {
  /** The same object all through one request, an action's re-render included, and in no other. */
  readonly request: object;
  readonly cookieHeader: string;
  readonly origin: Origin | undefined;

  private constructor(list: Awaited<ReturnType<typeof headers>>) {
    this.request = list;
    this.cookieHeader = list.get("cookie") ?? "";
    const host = list.get("x-forwarded-host") ?? list.get("host");
    if (host) this.origin = { host, protocol: list.get("x-forwarded-proto") ?? "http" };
  }

  static async ofThisRequest(): Promise<NextJar> {
    try {
      return new NextJar(await headers());
    } catch (error) {
      throw explained(error);
    }
  }

  async set(cookies: readonly SetCookie[]): Promise<void> {
    const store = await cookieStore();
    try {
      for (const cookie of cookies) store.set(cookie);
    } catch (cause) {
      // Next throws a plain Error here: only its text tells it from any other.
      if (!/can only be modified/.test(String(cause))) throw cause;
      throw new SessionReadOnlyError(
        "ERR_SESSION_READ_ONLY",
        "The session was changed where Next.js can send no cookie: in a server component, in generateMetadata or in after(). Change it in a server action, a route handler or the proxy; reading works everywhere.",
        { cause },
      );
    }
  }

  /** Calls back when the response is complete, where Next is new enough to say so. */
  afterResponse(callback: () => void): void {
    nextServer.after?.(callback);
  }
}

function explained(error: unknown): unknown {
  if (!/outside a request scope/.test(String(error))) return error;
  return new SessionContextError(
    "ERR_SESSION_OUTSIDE_REQUEST",
    "getSession() was called outside a request, so there is no cookie to read. Call it inside a server component, server action or route handler, not at a module's top level; in a proxy, the Pages Router or a server without Next.js, pass it the request and the response: getSession(request, response). To make or read a cookie's value outside a request, use encode() and decode().",
    { cause: error },
  );
}
