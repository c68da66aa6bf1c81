import { withSetCookies } from "../cookie/set-cookie.ts";
import { forbidSharedCaching } from "./caching-headers.ts";
import { readOnly } from "./read-only.ts";
import { type CookieSink, ResponseJar } from "./response-jar.ts";

/** The jar of a web `Request`. */
export function webJar(request: Request): ResponseJar {
  const { headers, url } = request;
  const address = () => {
    const { protocol, host, pathname } = new URL(url);
    return { protocol: protocol.slice(0, -1), host, path: pathname };
  };
  return new ResponseJar(request, (name) => headers.get(name), address);
}

/** Puts cookies on a web `Response`, by its headers. */
export function webSink(headers: Headers): CookieSink {
  const assertWritable = () => {
    try {
      // Immutable headers refuse this as well, and only a refusal distinguishes them (Fetch, 5.1).
      headers.delete(ABSENT);
    } catch (cause) {
      throw readOnly(
        "beside a response whose headers are immutable, as those of Response.redirect(), Response.error() and fetch() are",
        "Give getSession() a response of your own: new Response(null, { status: 303, headers: { location } }), or NextResponse.redirect(url).",
        cause,
      );
    }
  };
  return {
    assertWritable,
    set(cookies) {
      assertWritable();
      const all = withSetCookies(headers.getSetCookie(), cookies);
      headers.delete("set-cookie");
      for (const header of all) headers.append("set-cookie", header);
      forbidSharedCaching(headers);
    },
  };
}

const ABSENT = "next-signed-session-absent";
