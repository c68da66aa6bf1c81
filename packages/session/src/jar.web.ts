import { serializeCookie } from "./cookie.ts";
import { SessionReadOnlyError } from "./errors.ts";
import { type CookieSink, type Origin, ResponseJar } from "./jar.ts";

/** The jar of a web `Request`. */
export function webJar(request: Request): ResponseJar {
  return new ResponseJar(request.headers.get("cookie") ?? "", originOf(request));
}

/** Puts cookies on a web `Response`, by its headers. */
export function webSink(headers: Headers): CookieSink {
  return (cookies) => {
    const names = cookies.map(({ name }) => `${name}=`);
    const others = headers
      .getSetCookie()
      .filter((header) => !names.some((name) => header.startsWith(name)));
    try {
      headers.delete("set-cookie");
    } catch (cause) {
      throw new SessionReadOnlyError(
        "ERR_SESSION_READ_ONLY",
        "The session was changed, but this response's headers are immutable, as those of Response.redirect(), Response.error() and fetch() are. Give getSession() a response of your own: new Response(null, { status: 303, headers: { location } }), or NextResponse.redirect(url).",
        { cause },
      );
    }
    for (const header of others) headers.append("set-cookie", header);
    for (const cookie of cookies) headers.append("set-cookie", serializeCookie(cookie));
    if (cookies.length > 0) forbidSharedCaching(headers);
  };
}

/** A response with somebody's cookie, in a cache that others read, would log them in as that person. */
export function forbidSharedCaching(headers: Pick<Headers, "get" | "set">): void {
  if (!/\b(private|no-store)\b/i.test(headers.get("cache-control") ?? "")) {
    headers.set("cache-control", "private, no-store");
  }
  headers.set("vary", withCookieVary(headers.get("vary")));
}

function withCookieVary(vary: string | null): string {
  if (!vary) return "Cookie";
  const varies = vary.split(",").map((field) => field.trim().toLowerCase());
  return varies.includes("cookie") || varies.includes("*") ? vary : `${vary}, Cookie`;
}

function originOf(request: Request): Origin | undefined {
  const { protocol, host } = new URL(request.url);
  const { headers } = request;
  return {
    protocol: headers.get("x-forwarded-proto") ?? protocol.slice(0, -1),
    host: headers.get("x-forwarded-host") ?? headers.get("host") ?? host,
  };
}
