import type { IncomingMessage, ServerResponse } from "node:http";
import { withSetCookies } from "../cookie/cookie.ts";
import { SessionReadOnlyError } from "../errors/errors.ts";
import { type CookieSink, type Origin, ResponseJar } from "./cookie-jar.ts";
import { forbidSharedCaching, type HeaderAccess } from "./web.ts";

/** The jar of Node's `IncomingMessage`: Pages Router, API routes, plain servers. */
export function nodeJar(request: IncomingMessage): ResponseJar {
  return new ResponseJar(request.headers.cookie ?? "", () => originOf(request));
}

/** Puts cookies on Node's `ServerResponse`. */
export function nodeSink(response: ServerResponse): CookieSink {
  return (cookies) => {
    if (response.headersSent) {
      throw new SessionReadOnlyError(
        "ERR_SESSION_READ_ONLY",
        "The session was changed after the response's headers had been sent, so its cookie cannot go with them. Change the session, and save it, before the first write() or end().",
      );
    }
    if (cookies.length === 0) return;
    const before = [response.getHeader("set-cookie") ?? []].flat().map(String);
    response.setHeader("set-cookie", withSetCookies(before, cookies));
    forbidSharedCaching(headersOf(response));
  };
}

function originOf({ headers, socket }: IncomingMessage): Origin | undefined {
  const protocol =
    headers["x-forwarded-proto"] ?? (socket && "encrypted" in socket ? "https" : "http");
  const host = headers["x-forwarded-host"] ?? headers.host;
  return host === undefined ? undefined : { protocol: String(protocol), host: String(host) };
}

/** Its headers, as a web response has them. */
export function headersOf(response: ServerResponse): HeaderAccess {
  return {
    get: (name) => response.getHeader(name)?.toString() ?? null,
    set: (name, value) => void response.setHeader(name, value),
  };
}
