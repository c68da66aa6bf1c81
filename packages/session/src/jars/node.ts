import type { IncomingMessage, ServerResponse } from "node:http";
import { withCookie } from "../cookie/cookie-header.ts";
import { withSetCookies } from "../cookie/set-cookie.ts";
import { forbidSharedCaching, type HeaderAccess } from "./caching-headers.ts";
import { readOnly } from "./read-only.ts";
import { type CookieSink, ResponseJar } from "./response-jar.ts";

/** The jar of Node's `IncomingMessage`: Pages Router, API routes, plain servers. */
export function nodeJar(request: IncomingMessage): ResponseJar {
  const { headers, socket, url = "/" } = request;
  const address = () => ({
    protocol: socket && "encrypted" in socket ? "https" : "http",
    path: url.split("?", 1)[0] as string,
  });
  return new ResponseJar(request, (name) => headers[name]?.toString(), address);
}

/**
 * Puts cookies on Node's `ServerResponse`, and also into the request: if a custom server passes it on to
 * Next, the page reads what the server has saved.
 */
export function nodeSink({ headers }: IncomingMessage, response: ServerResponse): CookieSink {
  const assertWritable = () => {
    if (!response.headersSent) return;
    throw readOnly(
      "after the response's headers had been sent, so its cookie cannot go with them",
      "Change the session, and save it, before the first write() or end().",
    );
  };
  return {
    assertWritable,
    set(cookies) {
      assertWritable();
      const before = [response.getHeader("set-cookie") ?? []].flat().map(String);
      response.setHeader("set-cookie", withSetCookies(before, cookies));
      forbidSharedCaching(headersOf(response));
      keepPrivate(response);
      const cookieHeader = cookies.reduce(withCookie, headers.cookie ?? "");
      if (cookieHeader) headers.cookie = cookieHeader;
      else delete headers.cookie;
    },
    afterResponse: async (callback) => {
      response.once("close", callback);
    },
  };
}

const keptPrivate = new WeakSet<ServerResponse>();

/** What the app does to Cache-Control after the save does not let shared caches keep the cookie. */
function keepPrivate(response: ServerResponse): void {
  if (keptPrivate.has(response)) return;
  keptPrivate.add(response);
  const writeHead = response.writeHead.bind(response);
  // Node calls it at the first write() or end() as well.
  response.writeHead = (status: number, ...[reason, more]: unknown[]) => {
    const hasReason = typeof reason === "string";
    mergeHeaders(response, hasReason ? more : reason);
    forbidSharedCaching(headersOf(response));
    return hasReason ? writeHead(status, reason) : writeHead(status);
  };
}

/** As Node's writeHead() does it: with an object of headers, or with a list of names and values. */
function mergeHeaders(response: ServerResponse, headers: unknown): void {
  if (!Array.isArray(headers)) {
    for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, value);
    return;
  }
  const names = headers.filter((_, index) => index % 2 === 0);
  for (const name of names) response.removeHeader(name);
  for (const [index, name] of names.entries()) {
    response.appendHeader(name, headers[2 * index + 1]);
  }
}

/** Its headers, as a web response has them. */
export function headersOf(response: ServerResponse): HeaderAccess {
  return {
    get: (name) => response.getHeader(name)?.toString() ?? null,
    set: (name, value) => void response.setHeader(name, value),
  };
}
