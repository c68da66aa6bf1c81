import { SessionReadOnlyError } from "../errors/errors.ts";
import type { CookieJar } from "../jars/cookie-jar.ts";

/** They change nothing (RFC 9110, 9.2.1). */
const SAFE_METHODS = ["GET", "HEAD", "OPTIONS", "TRACE"];

/** What may be shown in a message: any program can send other text. */
const PRINTABLE_ORIGIN = /^https?:\/\/[\w.:[\]-]{1,255}$/;

/**
 * The rule of Go's CrossOriginProtection: by Fetch Metadata, or else by Origin. A request without either
 * comes from no browser of today, or from no other site.
 *
 * @throws SessionReadOnlyError (`ERR_SESSION_CROSS_ORIGIN`)
 */
export function assertTrusted(jar: CookieJar, trustedOrigins: readonly string[]): void {
  const origin = jar.header?.("origin") ?? undefined;
  const site = jar.header?.("sec-fetch-site") ?? undefined;
  if (isSafe(jar.method, origin) || isOwn(jar, origin, site)) return;
  if (origin !== undefined && trustedOrigins.includes(origin)) return;
  const sender = origin !== undefined && PRINTABLE_ORIGIN.test(origin) ? origin : "another site";
  throw new SessionReadOnlyError(
    "ERR_SESSION_CROSS_ORIGIN",
    `The session was changed in a request that ${sender} sent, which is neither this site nor in the session option \`trustedOrigins\`. List it there if it may, as an SSO provider that posts its answer; otherwise answer such requests with status 403.`,
  );
}

/**
 * Next does not say the method. Browsers send Origin with all methods but GET and HEAD, and with those for CORS
 * alone (Fetch, 3.2).
 */
function isSafe(method: string | undefined, origin: string | undefined): boolean {
  return method === undefined ? origin === undefined : SAFE_METHODS.includes(method);
}

function isOwn(jar: CookieJar, origin: string | undefined, site: string | undefined): boolean {
  if (site !== undefined) return site === "same-origin" || site === "none";
  return origin === undefined || hostOf(origin) === jar.origin?.host;
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
