import { withSetCookies } from "../cookie/cookie.ts";
import { SessionReadOnlyError } from "../errors/errors.ts";
import { forbidSharedCaching } from "./caching-headers.ts";
import { type CookieSink, ResponseJar } from "./response-jar.ts";

/** The jar of a web `Request`. */
export function webJar({ headers, url }: Request): ResponseJar {
  const ownOrigin = () => {
    const { protocol, host } = new URL(url);
    return { protocol: protocol.slice(0, -1), host };
  };
  return new ResponseJar((name) => headers.get(name), ownOrigin);
}

/** Puts cookies on a web `Response`, by its headers. */
export function webSink(headers: Headers): CookieSink {
  const assertWritable = () => {
    try {
      // Immutable headers refuse this as well, and only a refusal tells them apart (Fetch, 5.1).
      headers.delete(ABSENT);
    } catch (cause) {
      throw new SessionReadOnlyError(
        "ERR_SESSION_READ_ONLY",
        "The session was changed, but this response's headers are immutable, as those of Response.redirect(), Response.error() and fetch() are. Give getSession() a response of your own: new Response(null, { status: 303, headers: { location } }), or NextResponse.redirect(url).",
        { cause },
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
