import type { NextRequest, NextResponse } from "next/server.js";
import type { SetCookie } from "../cookie/cookie.ts";
import { withCookie } from "../cookie/cookie-header.ts";
import { withSetCookies } from "../cookie/set-cookie.ts";
import { forbidSharedCaching } from "./caching-headers.ts";
import { overrideCookies } from "./forwarded-request.ts";
import type { CookieSink } from "./response-jar.ts";
import { rewriteRefusal, withholdSession } from "./rewrite.ts";

/**
 * Puts cookies on a proxy's response, and into the request that goes on from it: the page, action or
 * route handler of this very request reads what the proxy wrote.
 */
export function proxySink(request: NextRequest, response: NextResponse): CookieSink {
  const assertWritable = () => {
    const refusal = rewriteRefusal(request, response);
    if (refusal) throw refusal;
  };
  return {
    assertWritable,
    set(cookies) {
      assertWritable();
      setCookies(response, cookies);
      forbidSharedCaching(response.headers);
      if (goesOn(response)) {
        overrideCookies(request, response, (header) => cookies.reduce(withCookie, header));
      }
    },
    withhold: (name) => withholdSession(request, response, name),
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
