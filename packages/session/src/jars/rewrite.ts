import type { NextRequest, NextResponse } from "next/server.js";
import { findCookies } from "../cookie/chunks.ts";
import { withCookie } from "../cookie/cookie-header.ts";
import type { SessionReadOnlyError } from "../errors/errors.ts";
import { nextOrigin } from "../runtime/environment.ts";
import { isOverridden, overrideCookies } from "./forwarded-request.ts";
import { readOnly } from "./read-only.ts";
import { originOf } from "./request-headers.ts";

/** Hosts that Next's URLs replace with `localhost`. */
const LOOPBACK = /^(127(\.\d{1,3}){3}|\[::1\]|localhost)$/;

/**
 * Returns why no cookie can be sent beside this response's rewrite, if none can. Next replaces the
 * proxy's headers with those of the other origin's response: its Cache-Control may let shared caches
 * keep the session's cookie, and its Set-Cookie may replace it. No proxy can prevent that.
 */
export function rewriteRefusal(
  request: NextRequest,
  response: NextResponse,
): SessionReadOnlyError | undefined {
  const target = rewriteTarget(response);
  if (!target) return undefined;
  const own = normalized(request.url);
  if (target.origin !== own.origin) {
    return readOnly(
      `beside a rewrite to ${target.origin}, whose Cache-Control and Set-Cookie headers replace the proxy's in Next.js: a shared cache could keep the cookie, or the browser might never get it`,
      'Redirect there instead, or fetch from there and return the result: const upstream = await fetch(url); const response = new NextResponse(upstream.body, { headers: { "content-type": upstream.headers.get("content-type") ?? "text/html" } });',
    );
  }
  const listensOn = ownHostname();
  if (own.hostname === "localhost" && listensOn !== undefined && listensOn !== "localhost") {
    return readOnly(
      `beside a rewrite, while Next.js listens on ${listensOn}: it then treats its own http://localhost as another origin, whose Cache-Control replaces the proxy's`,
      "Start Next.js with -H localhost, or without -H.",
    );
  }
  return undefined;
}

/**
 * Removes the session's cookie from a request that is rewritten to another origin: Next would send
 * that origin all of the visitor's cookies. A proxy that names the headers itself, with
 * `rewrite(url, { request })`, keeps them as they are.
 */
export function withholdSession(request: NextRequest, response: NextResponse, name: string): void {
  const target = rewriteTarget(response);
  if (!target || (isOverridden(response) && !withheld.has(response))) return;
  const addressed = originOf((header) => request.headers.get(header), {});
  if ([normalized(request.url).host, addressed?.host].includes(target.host)) return;
  withheld.add(response);
  overrideCookies(request, response, (header) =>
    findCookies(header, name).names.reduce(
      (others, each) => withCookie(others, { name: each, value: "" }),
      header,
    ),
  );
}

/** Responses whose overridden headers come from here, and not from the user. */
const withheld = new WeakSet<NextResponse>();

function rewriteTarget({ headers }: NextResponse): URL | undefined {
  const target = headers.get("x-middleware-rewrite");
  return target === null ? undefined : normalized(target);
}

function normalized(address: string): URL {
  const url = new URL(address);
  if (LOOPBACK.test(url.hostname)) url.hostname = "localhost";
  return url;
}

/** The host that Next compares a rewrite's target with: `next start` stores where it listens. */
function ownHostname(): string | undefined {
  const origin = nextOrigin();
  const hostname = origin === undefined ? undefined : new URL(origin).hostname;
  return hostname !== undefined && LOOPBACK.test(hostname) ? hostname : undefined;
}
