import type { IncomingMessage, ServerResponse } from "node:http";
import { withSetCookies } from "../cookie/cookie.ts";
import { SessionReadOnlyError } from "../errors/errors.ts";
import { forbidSharedCaching, type HeaderAccess } from "./caching-headers.ts";
import { type CookieSink, ResponseJar } from "./response-jar.ts";

/** The jar of Node's `IncomingMessage`: Pages Router, API routes, plain servers. */
export function nodeJar({ headers, socket }: IncomingMessage): ResponseJar {
  const ownOrigin = () => ({ protocol: socket && "encrypted" in socket ? "https" : "http" });
  return new ResponseJar((name) => headers[name]?.toString(), ownOrigin);
}

/** Puts cookies on Node's `ServerResponse`. */
export function nodeSink(response: ServerResponse): CookieSink {
  const assertWritable = () => {
    if (!response.headersSent) return;
    throw new SessionReadOnlyError(
      "ERR_SESSION_READ_ONLY",
      "The session was changed after the response's headers had been sent, so its cookie cannot go with them. Change the session, and save it, before the first write() or end().",
    );
  };
  return {
    assertWritable,
    set(cookies) {
      assertWritable();
      const before = [response.getHeader("set-cookie") ?? []].flat().map(String);
      response.setHeader("set-cookie", withSetCookies(before, cookies));
      forbidSharedCaching(headersOf(response));
    },
  };
}

/** Its headers, as a web response has them. */
export function headersOf(response: ServerResponse): HeaderAccess {
  return {
    get: (name) => response.getHeader(name)?.toString() ?? null,
    set: (name, value) => void response.setHeader(name, value),
  };
}
