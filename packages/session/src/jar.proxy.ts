import { type NextRequest, NextResponse } from "next/server.js";
import { withCookie } from "./cookie.ts";
import type { CookieSink } from "./jar.ts";
import { forbidSharedCaching } from "./jar.web.ts";

const OVERRIDDEN = "x-middleware-override-headers";
const OVERRIDE = "x-middleware-request-";

/**
 * Puts cookies on a proxy's response, and into the request that goes on from it: the page, action or
 * route handler of this very request reads what the proxy wrote.
 */
export function proxySink(request: NextRequest, response: NextResponse): CookieSink {
  return (cookies) => {
    const { headers } = response;
    const before = headers.getSetCookie();
    for (const cookie of cookies) response.cookies.set(cookie);
    // Next has just rewritten every Set-Cookie from those it parsed when the response was made: what
    // was appended to the headers since then would be gone.
    const names = new Set(headers.getSetCookie().map(cookieName));
    for (const header of before) {
      if (!names.has(cookieName(header))) headers.append("set-cookie", header);
    }
    forbidSharedCaching(headers);

    const goesOn = headers.has("x-middleware-next") || headers.has("x-middleware-rewrite");
    if (!goesOn) return;
    const forwarded = forwardedHeaders(request, headers);
    const cookieHeader = cookies.reduce(withCookie, forwarded.get("cookie") ?? "");
    if (cookieHeader) forwarded.set("cookie", cookieHeader);
    else forwarded.delete("cookie");
    headers.delete(`${OVERRIDE}cookie`);
    for (const [name, value] of NextResponse.next({ request: { headers: forwarded } }).headers) {
      if (name === OVERRIDDEN || name.startsWith(OVERRIDE)) headers.set(name, value);
    }
  };
}

/** The request's headers as the rest of the request will see them, the user's overrides included. */
function forwardedHeaders(request: NextRequest, response: Headers): Headers {
  const overridden = response.get(OVERRIDDEN);
  if (overridden === null) return new Headers(request.headers);
  const forwarded = new Headers();
  for (const name of overridden.split(",").filter(Boolean)) {
    forwarded.set(name, response.get(`${OVERRIDE}${name}`) ?? "");
  }
  return forwarded;
}

function cookieName(setCookie: string): string {
  return setCookie.slice(0, setCookie.indexOf("="));
}
