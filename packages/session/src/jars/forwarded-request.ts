import type { NextRequest, NextResponse } from "next/server.js";

/*
 * A proxy's response carries the changed headers of the forwarded request in headers of its own, as
 * NextResponse.next({ request: { headers } }) writes them: one lists the names, and one for each name
 * has the value.
 */
const OVERRIDDEN = "x-middleware-override-headers";
const OVERRIDE = "x-middleware-request-";

/** Has the proxy named the headers of the forwarded request itself? */
export function isOverridden({ headers }: NextResponse): boolean {
  return headers.has(OVERRIDDEN);
}

/** Changes the Cookie header of the forwarded request, and none of its other headers. */
export function overrideCookies(
  request: NextRequest,
  { headers }: NextResponse,
  change: (cookieHeader: string) => string,
): void {
  const forwarded = forwardedHeaders(request, headers);
  const cookies = change(forwarded.get("cookie") ?? "");
  if (cookies) forwarded.set("cookie", cookies);
  else forwarded.delete("cookie");

  headers.delete(`${OVERRIDE}cookie`);
  headers.set(OVERRIDDEN, [...forwarded.keys()].join(","));
  for (const [name, value] of forwarded) headers.set(`${OVERRIDE}${name}`, value);
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
