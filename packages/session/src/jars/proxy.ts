import type { NextRequest, NextResponse } from "next/server.js";
import { type SetCookie, withCookie, withSetCookies } from "../cookie/cookie.ts";
import { forbidSharedCaching } from "./caching-headers.ts";
import type { CookieSink } from "./response-jar.ts";

// The headers in which NextResponse.next({ request: { headers } }) hands a changed request on.
const OVERRIDDEN = "x-middleware-override-headers";
const OVERRIDE = "x-middleware-request-";

/**
 * Puts cookies on a proxy's response, and into the request that goes on from it: the page, action or
 * route handler of this very request reads what the proxy wrote.
 */
export function proxySink(request: NextRequest, response: NextResponse): CookieSink {
  return {
    // A NextResponse can be written to until the proxy returns it.
    assertWritable() {},
    set(cookies) {
      setCookies(response, cookies);
      forbidSharedCaching(response.headers);
      const { headers } = response;
      if (goesOn(response)) {
        overrideRequest(headers, withCookies(forwardedHeaders(request, headers), cookies));
      }
    },
  };
}

/** Does the request go on to a page or a handler, whose response this one is put into? */
export function goesOn({ headers }: NextResponse): boolean {
  return headers.has("x-middleware-next") || headers.has("x-middleware-rewrite");
}

/**
 * `response.cookies.set` makes Next remember ours for the next time the user calls it, but writes
 * all Set-Cookie headers again from what it parsed: without a Max-Age of 0, without one of two paths
 * of a name, without what was appended to the headers. So each is put back as it was.
 */
function setCookies(
  { cookies: known, headers }: NextResponse,
  cookies: readonly SetCookie[],
): void {
  const all = withSetCookies(headers.getSetCookie(), cookies);
  for (const cookie of cookies) known.set(cookie);
  headers.delete("set-cookie");
  for (const header of all) headers.append("set-cookie", header);
  // From here Next's server components take the cookies that a proxy set.
  headers.set("x-middleware-set-cookie", all.join(","));
}

function withCookies(request: Headers, cookies: readonly SetCookie[]): Headers {
  const header = cookies.reduce(withCookie, request.get("cookie") ?? "");
  if (header) request.set("cookie", header);
  else request.delete("cookie");
  return request;
}

function overrideRequest(response: Headers, request: Headers): void {
  response.delete(`${OVERRIDE}cookie`);
  response.set(OVERRIDDEN, [...request.keys()].join(","));
  for (const [name, value] of request) response.set(`${OVERRIDE}${name}`, value);
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
