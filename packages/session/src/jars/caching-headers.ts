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
  const isPublic = (name: string) => !/\b(private|no-store)\b/i.test(headers.get(name) ?? "");
  for (const name of TARGETED_CACHE_CONTROL) {
    if (headers.get(name) !== null && isPublic(name)) headers.set(name, "private, no-store");
  }
  if (isPublic("cache-control")) headers.set("cache-control", "private, no-store");
  varyByCookie(headers);
}

/** A response made with the session in view is wrong for a visitor with another session (CVE-2026-27205). */
export function varyByCookie(headers: HeaderAccess): void {
  const vary = headers.get("vary");
  const varies = vary?.split(",").map((field) => field.trim().toLowerCase()) ?? [];
  if (varies.includes("cookie") || varies.includes("*")) return;
  headers.set("vary", vary ? `${vary}, Cookie` : "Cookie");
}
