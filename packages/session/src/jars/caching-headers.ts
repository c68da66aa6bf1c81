export type HeaderAccess = Pick<Headers, "get" | "set">;

/** The headers that outrank Cache-Control in a shared cache (RFC 9213), and their predecessor. */
const TARGETED_CACHE_CONTROL = [
  "cdn-cache-control",
  "vercel-cdn-cache-control",
  "cloudflare-cdn-cache-control",
  "netlify-cdn-cache-control",
  "surrogate-control",
];

/** A shared cache that keeps a session's cookie logs other visitors in as that person. */
export function forbidSharedCaching(headers: HeaderAccess): void {
  const isPublic = (name: string) => !keepsOutSharedCaches(headers.get(name) ?? "");
  for (const name of TARGETED_CACHE_CONTROL) {
    if (headers.get(name) !== null && isPublic(name)) headers.set(name, "private, no-store");
  }
  if (isPublic("cache-control")) headers.set("cache-control", "private, no-store");
  varyByCookie(headers);
}

/**
 * Parses Cache-Control (RFC 9111, 5.2). `private="X-Note"` is no directive that keeps a response out of
 * shared caches: it keeps that one header out. A quote without its end makes the rest unreadable.
 */
function keepsOutSharedCaches(cacheControl: string): boolean {
  const unquoted = cacheControl.replaceAll(/"([^"\\]|\\.)*"/g, "");
  if (unquoted.includes('"')) return false;
  const directives = unquoted.split(",").map((directive) => directive.trim().toLowerCase());
  return directives.includes("private") || directives.includes("no-store");
}

/** A response made with the session in view is wrong for a visitor with another session (CVE-2026-27205). */
export function varyByCookie(headers: HeaderAccess): void {
  const vary = headers.get("vary");
  const varies = vary?.split(",").map((field) => field.trim().toLowerCase()) ?? [];
  if (varies.includes("cookie") || varies.includes("*")) return;
  headers.set("vary", vary ? `${vary}, Cookie` : "Cookie");
}
