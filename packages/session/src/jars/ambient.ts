import type { CookieJar } from "./cookie-jar.ts";

/** A jar that `getSession()` finds without arguments. */
export interface AmbientJar extends CookieJar {
  /** The same object all through one request, and in no other. */
  readonly request: object;
}

const KEY = Symbol.for("next-signed-session.ambient-jar");
const shared = globalThis as { [KEY]?: () => AmbientJar | undefined };

/** The jar that a test has put in the place of Next's. */
export function ambientJar(): AmbientJar | undefined {
  return shared[KEY]?.();
}

export function provideAmbientJar(find: () => AmbientJar | undefined): void {
  shared[KEY] = find;
}
