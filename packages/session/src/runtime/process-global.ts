import { VERSION } from "./version.ts";

/**
 * One value for all instances of this package's version in a process. Turbopack loads the package
 * several times, and only `globalThis` is common to the instances. Another version has values of its
 * own, whose shape is not known here.
 */
export function processGlobal<Value>(name: string, create: () => Value): Value {
  const values = globalThis as unknown as Record<symbol, Value | undefined>;
  const key = globalName(name);
  values[key] ??= create();
  return values[key];
}

export function globalName(name: string): symbol {
  return Symbol.for(`next-signed-session@${VERSION}.${name}`);
}
