import type { IncomingMessage, ServerResponse } from "node:http";
import type { NextRequest, NextResponse } from "next/server.js";
import { describeValue } from "../errors/describe.ts";
import { SessionContextError } from "../errors/errors.ts";
import { isDevelopment } from "../runtime/environment.ts";
import { varyByCookie } from "./caching-headers.ts";
import { isInProxy } from "./next-internals.ts";
import { calledBothWays } from "./next-refusals.ts";
import { headersOf, nodeJar, nodeSink } from "./node.ts";
import { jarOfSameRequest, notedOtherWay, rememberInProxy } from "./one-request.ts";
import { goesOn, proxySink } from "./proxy.ts";
import { watched } from "./proxy-watch.ts";
import type { CookieSink, ResponseJar } from "./response-jar.ts";
import { webJar, webSink } from "./web.ts";

const jars = new WeakMap<object, ResponseJar>();

/**
 * The request's jar, with this response added to those that get its cookies. Recognized by what they can
 * do and not by their class, of which Next, undici and each realm have their own.
 *
 * @param name The session's cookie.
 */
export function jarOf(request: unknown, response: unknown, name: string): ResponseJar {
  if (isWebRequest(request)) {
    const cookieHeader = request.headers.get("cookie") ?? "";
    if (notedOtherWay("with arguments", cookieHeader, name)) throw calledBothWays();
    const known = jars.get(request) ?? jarOfSameRequest(cookieHeader, name);
    const jar = known ?? webJar(request);
    if (!known) rememberInProxy(jar);
    jars.set(request, jar);
    jar.attach(response as object, webSinkOf(request, response));
    jar.withhold(name);
    return jar;
  }
  if (isNodeRequest(request)) {
    if (!isNodeResponse(response)) {
      throw argumentRefusal(
        "second",
        response,
        "Node's ServerResponse, since the first is Node's IncomingMessage",
      );
    }
    const jar = jars.get(request) ?? nodeJar(request);
    jars.set(request, jar);
    if (!response.headersSent) varyByCookie(headersOf(response));
    jar.attach(response, nodeSink(request, response));
    return jar;
  }
  throw argumentRefusal("first", request, "a NextRequest, a Request or Node's IncomingMessage");
}

function webSinkOf(request: Request, response: unknown): CookieSink {
  if (isHeaders(response)) return answerSink(response);
  const isWatched = isDevelopment() && isInProxy();
  const sink = responseSinkOf(request, response);
  return isWatched ? watched(sink, response as object) : sink;
}

function responseSinkOf(request: Request, response: unknown): CookieSink {
  // A request has headers, and a NextRequest cookies, to which a cookie can be set, and be lost.
  if (!isWebRequest(response)) {
    if (isNextResponse(response)) {
      if (!goesOn(response)) varyByCookie(response.headers);
      return proxySink(request as NextRequest, response);
    }
    if (hasHeaders(response) && isHeaders(response.headers)) return answerSink(response.headers);
  }
  throw argumentRefusal(
    "second",
    response,
    "the NextResponse, Response or Headers that get the cookie: const response = NextResponse.next(); … getSession(request, response)",
  );
}

function answerSink(headers: Headers): CookieSink {
  try {
    varyByCookie(headers);
  } catch {
    // Immutable, as those of Response.redirect() are: reading the session works beside these too.
  }
  return webSink(headers);
}

function isWebRequest(value: unknown): value is Request {
  // A Response has a `url` as well, and no `method`.
  return hasHeaders(value) && isHeaders(value.headers) && "url" in value && "method" in value;
}

function isNextResponse(value: unknown): value is NextResponse {
  return (
    hasHeaders(value) &&
    "cookies" in value &&
    typeof (value as NextResponse).cookies?.set === "function"
  );
}

function isNodeRequest(value: unknown): value is IncomingMessage {
  return hasHeaders(value) && "url" in value && "method" in value;
}

function isNodeResponse(value: unknown): value is ServerResponse {
  return (
    typeof value === "object" && value !== null && "setHeader" in value && "getHeader" in value
  );
}

function isHeaders(value: unknown): value is Headers {
  return typeof value === "object" && value !== null && "getSetCookie" in value;
}

function hasHeaders(value: unknown): value is { headers: object } {
  return (
    typeof value === "object" &&
    value !== null &&
    "headers" in value &&
    typeof value.headers === "object" &&
    value.headers !== null
  );
}

function argumentRefusal(which: string, given: unknown, allowed: string): SessionContextError {
  const found =
    typeof given === "object" && given !== null
      ? `a ${given.constructor?.name ?? "plain object"}`
      : describeValue(given);
  return new SessionContextError(
    "ERR_SESSION_ARGUMENTS",
    `getSession(request, response): the ${which} argument is ${found}. It must be ${allowed}.${frameworkHint(given)}`,
  );
}

/** Fastify's and Hono's objects hold the platform's own. Express's are the platform's own. */
function frameworkHint(given: unknown): string {
  const holdsRaw = typeof given === "object" && given !== null && "raw" in given;
  return holdsRaw
    ? " A framework's object holds it as `raw`: in Fastify, pass getSession(request.raw, reply.raw); in Hono, getSession(context.req.raw, headers)."
    : "";
}
