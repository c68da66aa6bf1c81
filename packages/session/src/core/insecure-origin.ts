import type { CookieAttributes } from "../cookie/cookie.ts";
import type { Origin } from "../jars/cookie-jar.ts";

/** Browsers take these for secure without TLS (Secure Contexts, 3.1). */
const LOCAL_HOST = /^(([^:]+\.)?localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/i;

/** Visitors can send any host. None of theirs may take the place of the site's own. */
const reported = new Set<string>();
const MAX_REPORTS = 100;

/** Says once for each host why nobody stays logged in on a site that is served without TLS. */
export function warnIfBrowserDropsCookie(
  name: string,
  { secure }: CookieAttributes,
  origin: Origin | undefined,
): void {
  if (!secure || origin?.protocol !== "http" || LOCAL_HOST.test(origin.host)) return;
  if (reported.has(origin.host) || reported.size === MAX_REPORTS) return;
  reported.add(origin.host);
  console.warn(
    `[next-signed-session] The cookie ${JSON.stringify(name)} is Secure and was set for http://${origin.host}: the browser will drop it. Serve the site over https (a proxy that ends TLS must send X-Forwarded-Proto), or set \`cookie: { secure: false }\` where there is none.`,
  );
}
