/** Browsers take these for secure without TLS (Secure Contexts, 3.1). */
const LOCAL_HOST = /^(([^:]+\.)?localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/i;

/** Visitors can send any host. None of theirs may take the place of the site's own. */
const reported = new Set<string>();
const MAX_REPORTS = 100;

/** Says once for each host why nobody stays logged in on a site that is served over plain http. */
export function warnIfBrowserDropsCookie(name: string, host: string): void {
  if (LOCAL_HOST.test(host) || reported.has(host) || reported.size === MAX_REPORTS) return;
  reported.add(host);
  console.warn(
    `[next-signed-session] The cookie ${JSON.stringify(name)} is Secure and was set for http://${host}: the browser will drop it. Serve the site over https (a proxy that ends TLS must send X-Forwarded-Proto), or set \`cookie: { secure: false }\` where there is none.`,
  );
}
