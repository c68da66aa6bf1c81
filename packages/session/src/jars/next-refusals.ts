import { SessionContextError, type SessionReadOnlyError } from "../errors/errors.ts";
import { readOnly } from "./read-only.ts";

export { tooLate } from "./read-only.ts";

/*
 * The errors of places where Next has no request or no response, and of calls in both ways. They are loaded
 * when one is thrown: their texts are long, and every app would bundle them.
 */

/** Next's plain Errors have no code: only their text distinguishes them. All others pass unchanged. */
export function explained(error: unknown): unknown {
  const text = String(error);
  if (/outside a request scope|inside `generateStaticParams`/.test(text)) {
    return outsideRequest(error);
  }
  if (/inside (a function cached with )?[`"]+(use cache|unstable_cache)/.test(text)) {
    return inSharedCache(error);
  }
  return /inside `after\(\)`/.test(text) ? inAfter(error) : error;
}

export function inProxy(): SessionContextError {
  return new SessionContextError(
    "ERR_SESSION_IN_PROXY",
    "getSession() was called without arguments in a proxy (middleware), where what it writes could not reach the page, and would erase the cookies of the response. Pass it both: const response = NextResponse.next(); await using session = await getSession(request, response); … return response;",
  );
}

export function inStaticRoute(): SessionContextError {
  return new SessionContextError(
    "ERR_SESSION_OUTSIDE_REQUEST",
    'getSession() was called by a page or route handler with `dynamic = "force-static"`, which is built once and for all visitors, without any request. Remove that line, or read the session elsewhere: in a page that is not static, or in a route handler that the browser fetches.',
  );
}

function outsideRequest(cause: unknown): SessionContextError {
  return new SessionContextError(
    "ERR_SESSION_OUTSIDE_REQUEST",
    "getSession() was called outside a request, so there is no cookie to read. Call it inside a server component, server action or route handler, not at a module's top level and not in generateStaticParams; in a proxy, the Pages Router or a server without Next.js, pass it the request and the response: getSession(request, response). To make or read a cookie's value outside a request, use encode() and decode().",
    { cause },
  );
}

export function withoutNext(cause: unknown): SessionContextError {
  return new SessionContextError(
    "ERR_SESSION_OUTSIDE_REQUEST",
    "getSession() was called without arguments where Next.js cannot be loaded, so it finds no request. Outside of Next.js, pass it the request and the response: getSession(request, response).",
    { cause },
  );
}

export function calledBothWays(): SessionContextError {
  return new SessionContextError(
    "ERR_SESSION_ARGUMENTS",
    "A route handler called both getSession() and getSession(request, response). These would be two sessions of one request, and each save would undo the other's change. Call getSession() without arguments everywhere in a route handler, its helpers included.",
  );
}

function inSharedCache(cause: unknown): SessionContextError {
  return new SessionContextError(
    "ERR_SESSION_IN_CACHE",
    'getSession() was called inside "use cache", "use cache: remote" or unstable_cache(), whose result is shared between visitors. Write "use cache: private", whose result only the visitor\'s own browser keeps; or call getSession() outside the cached function and pass in what the function needs as an argument.',
    { cause },
  );
}

function inAfter(cause: unknown): SessionContextError {
  return new SessionContextError(
    "ERR_SESSION_IN_AFTER",
    "getSession() was called inside after() by a server component, where Next.js no longer has the request. Call it before, and use the session it gave in the callback.",
    { cause },
  );
}

export function savedInPrivateCache(cause: unknown): SessionReadOnlyError {
  return readOnly(
    'inside "use cache: private", where there is no response to send a cookie with',
    "Only read it there. Change it in a server action, a route handler or the proxy.",
    cause,
  );
}

export function savedWhileRendering(cause: unknown): SessionReadOnlyError {
  return readOnly(
    "where Next.js can send no cookie: in a server component, in generateMetadata or in after()",
    "Change it in a server action, a route handler or the proxy; reading works everywhere.",
    cause,
  );
}
