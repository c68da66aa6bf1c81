import type { CookieAttributes } from "../cookie/cookie.ts";
import type { Origin } from "../jars/cookie-jar.ts";

/** Browsers take these for secure without TLS (Secure Contexts, 3.1). */
const LOCAL_HOST = /^(([^:]+\.)?localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/i;

let hasWarned = false;

/** Says once why nobody stays logged in on a site that is served without TLS. */
export function warnIfBrowserDropsCookie(
  name: string,
  { secure }: CookieAttributes,
  origin: Origin | undefined,
): void {
  if (hasWarned || !secure) return;
  if (origin?.protocol !== "http" || LOCAL_HOST.test(origin.host)) return;
  hasWarned = true;
  console.warn(
    `[next-signed-session] The cookie ${JSON.stringify(name)} is Secure and was set for http://${origin.host}: the browser will drop it. Serve the site over https (a proxy that ends TLS must send X-Forwarded-Proto), or set \`cookie: { secure: false }\` where there is none.`,
  );
}
