/*
 * The part of Next's public API that a session needs, and how the releases differ in it.
 *
 * Next is imported at the first call and not above: a custom server that imported this package before
 * `next` would fail at its first request, since Next would find no AsyncLocalStorage.
 */

import { loadOnce } from "../runtime/awaitable.ts";

type HeadersModule = typeof import("next/headers.js");
type ServerModule = typeof import("next/server.js");

export interface Next {
  readonly headers: HeadersModule["headers"];
  readonly cookies: HeadersModule["cookies"];
  readonly after: ServerModule["after"];
  readonly connection: ServerModule["connection"];
  /** From Next 16.0. */
  readonly cacheTag?: () => void;
  /** From Next 16.3. */
  readonly io?: () => Promise<void>;
}

export type RequestHeaders = Awaited<ReturnType<Next["headers"]>>;
export type CookieStore = Awaited<ReturnType<Next["cookies"]>>;

export const loadNext = loadOnce(load);

async function load(): Promise<Next> {
  // With a catch() at each, or esbuild, and so the bundler of workerd, fails where there is no Next.
  const [{ headers, cookies }, { after, connection }, { cacheTag, io }] = await Promise.all([
    import("next/headers.js").catch(withoutNext),
    import("next/server.js").catch(withoutNext),
    import("next/cache.js").catch(withoutNext),
  ]);
  return { headers, cookies, after, connection, cacheTag, io };
}

/** @throws SessionContextError (`ERR_SESSION_OUTSIDE_REQUEST`) where Next is not installed. */
async function withoutNext(cause: unknown): Promise<never> {
  const refusals = await import("./next-refusals.ts");
  throw refusals.withoutNext(cause);
}

/**
 * Stops a prerender. Whether a cookie has expired is not known before its request: with Cache
 * Components, a prerender that has the headers would go on, and complain that the clock is read.
 */
export async function untilRequest(next: Next): Promise<void> {
  if (next.io) return next.io();
  // connection() does the same and is older, but fails inside a private cache.
  if (!isInPrivateCache(next)) await next.connection();
}

/**
 * Next has no function that answers this. cacheTag() throws outside of cached functions, and headers()
 * inside of those whose result is shared: where it gave us headers, only a private cache is left.
 */
export function isInPrivateCache({ cacheTag }: Next): boolean {
  try {
    cacheTag?.();
    return cacheTag !== undefined;
  } catch {
    return false;
  }
}
