/** Is it an object such as `{}`, `JSON.parse` or `Object.create(null)` make it? */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === "object" && value !== null && isPlainPrototype(Object.getPrototypeOf(value))
  );
}

/** Looks at the prototype chain too: another realm's objects are plain, with another identity. */
export function isPlainPrototype(prototype: object | null): boolean {
  return (
    prototype === Object.prototype ||
    prototype === null ||
    Object.getPrototypeOf(prototype) === null
  );
}
