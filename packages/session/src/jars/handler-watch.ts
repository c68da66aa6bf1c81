import type { SetCookie } from "../cookie/cookie.ts";
import type { CookieStore } from "./next-api.ts";

/**
 * For development: keeps in `unsent` the names of the cookies that were set too late.
 *
 * When a route handler has returned, Next copies each cookie with a spread into the response. One that it
 * never copied was set too late, from the body's stream say, and nothing else shows it. (Next takes each
 * cookie of an action at once, and refuses one that is late.)
 */
export function watchCopying(
  store: CookieStore,
  cookies: readonly SetCookie[],
  unsent: Set<string>,
): void {
  for (const { name } of cookies) {
    unsent.add(name);
    const sent = () => void unsent.delete(name);
    const stored = store.get(name);
    if (stored) Object.defineProperty(stored, Symbol("sent"), { enumerable: true, get: sent });
  }
}
