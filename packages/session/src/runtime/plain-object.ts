/** An object that is data alone: what JSON.parse gives, `{}`, or one without any prototype. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === "object" && value !== null && isPlainPrototype(Object.getPrototypeOf(value))
  );
}

/** Asked of the chain, and by identity only first: objects of another realm are plain as well. */
export function isPlainPrototype(prototype: object | null): boolean {
  return (
    prototype === Object.prototype ||
    prototype === null ||
    Object.getPrototypeOf(prototype) === null
  );
}
