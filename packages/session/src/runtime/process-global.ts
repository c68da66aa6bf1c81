/**
 * One value for all instances of this package in a process. Turbopack loads the package several times,
 * and only `globalThis` is common to the instances.
 */
export function processGlobal<Value>(name: string, create: () => Value): Value {
  const values = globalThis as unknown as Record<symbol, Value | undefined>;
  const key = Symbol.for(`next-signed-session.${name}`);
  values[key] ??= create();
  return values[key];
}
