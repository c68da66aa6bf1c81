import { processGlobal } from "../runtime/process-global.ts";
import type { CookieJar } from "./cookie-jar.ts";

/** A jar that `getSession()` finds without arguments. */
export interface AmbientJar extends CookieJar {
  /** The same object all through one request, and in no other. */
  readonly request: object;
}

interface Provider {
  find?(): AmbientJar | undefined;
}

const provider = processGlobal<Provider>("ambient-jar", () => ({}));

/** The jar that a test has put in the place of Next's. */
export function ambientJar(): AmbientJar | undefined {
  return provider.find?.();
}

export function provideAmbientJar(find: () => AmbientJar | undefined): void {
  provider.find = find;
}
