import { withSetCookies } from "../cookie/cookie.ts";
import { SessionReadOnlyError } from "../errors/errors.ts";
import { type CookieSink, type Origin, ResponseJar } from "./cookie-jar.ts";

/** The jar of a web `Request`. */
export function webJar(request: Request): ResponseJar {
  const { headers } = request;
  // With the headers of the action's answer, Next asks for the page that it redirects to.
  const isWithinAction = headers.has("x-action-redirect");
  return new ResponseJar(headers.get("cookie") ?? "", () => originOf(request), isWithinAction);
}

/** Puts cookies on a web `Response`, by its headers. */
export function webSink(headers: Headers): CookieSink {
  return (cookies) => {
    const all = withSetCookies(headers.getSetCookie(), cookies);
    try {
      headers.delete("set-cookie");
    } catch (cause) {
      throw new SessionReadOnlyError(
        "ERR_SESSION_READ_ONLY",
        "The session was changed, but this response's headers are immutable, as those of Response.redirect(), Response.error() and fetch() are. Give getSession() a response of your own: new Response(null, { status: 303, headers: { location } }), or NextResponse.redirect(url).",
        { cause },
      );
    }
    for (const header of all) headers.append("set-cookie", header);
    if (cookies.length > 0) forbidSharedCaching(headers);
  };
}

export type HeaderAccess = Pick<Headers, "get" | "set">;

/** What outranks Cache-Control in a shared cache (RFC 9213), and its older relative. */
const TARGETED_CACHE_CONTROL = [
  "cdn-cache-control",
  "vercel-cdn-cache-control",
  "cloudflare-cdn-cache-control",
  "netlify-cdn-cache-control",
  "surrogate-control",
];

/** A response with somebody's cookie, in a cache that others read, would log them in as that person. */
export function forbidSharedCaching(headers: HeaderAccess): void {
  const isPublic = (name: string) => !/\b(private|no-store)\b/i.test(headers.get(name) ?? "");
  for (const name of TARGETED_CACHE_CONTROL) {
    if (headers.get(name) !== null && isPublic(name)) headers.set(name, "private, no-store");
  }
  if (isPublic("cache-control")) headers.set("cache-control", "private, no-store");
  varyByCookie(headers);
}

/** A response made with the session in view is for nobody with another one (CVE-2026-27205). */
export function varyByCookie(headers: HeaderAccess): void {
  const vary = headers.get("vary");
  const varies = vary?.split(",").map((field) => field.trim().toLowerCase()) ?? [];
  if (varies.includes("cookie") || varies.includes("*")) return;
  headers.set("vary", vary ? `${vary}, Cookie` : "Cookie");
}

function originOf(request: Request): Origin | undefined {
  const { protocol, host } = new URL(request.url);
  const { headers } = request;
  return {
    protocol: headers.get("x-forwarded-proto") ?? protocol.slice(0, -1),
    host: headers.get("x-forwarded-host") ?? headers.get("host") ?? host,
  };
}
