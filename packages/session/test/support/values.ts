import fc from "fast-check";

/** Any text that JavaScript has: 16-bit units, and so lone surrogates too. */
const anyText = fc.oneof(
  fc.string(),
  fc.string({ unit: "grapheme" }),
  fc
    .array(fc.oneof(fc.nat({ max: 0xffff }), fc.integer({ min: 0xd7ff, max: 0xe000 })))
    .map((units) => String.fromCharCode(...units)),
);

/** Keys, the treacherous ones often: what objects have by nature, tags, indices, controls. */
export const anyKey = fc.oneof(
  anyText,
  fc.constantFrom("__proto__", "constructor", "toString", "toJSON", "hasOwnProperty", "length", ""),
  fc.constantFrom(" d", " b", " n", " m", " s", " -", " p", " c", " t", " ", "  ", "  d", "   p"),
  fc.constantFrom("0", "1", "10", "2", "01", "-1", "4294967294", "4294967295", "1.5"),
  fc.constantFrom("permanent", "modified", "isNew", "clear", "save", "then"),
);

const leaf = fc.oneof(
  anyText,
  fc.constantFrom<unknown>(null, true, false, 0, -0, 1e21, Number.MIN_VALUE, Number.MAX_VALUE),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.date({ noInvalidDate: true }),
  fc.uint8Array({ maxLength: 20 }),
  fc.bigInt(),
);

const { value } = fc.letrec<{ value: unknown }>((tie) => {
  const child = tie("value");
  return {
    value: fc.oneof(
      { depthSize: "small", maxDepth: 4, withCrossShrink: true },
      leaf,
      fc.array(child, { maxLength: 4 }),
      objectOf(child),
      fc.array(fc.tuple(child, child), { maxLength: 3 }).map((entries) => new Map(entries)),
      fc.array(child, { maxLength: 4 }).map((items) => new Set(items)),
    ),
  };
});

// An entry of `undefined` is a key that is absent when it comes back.
function objectOf(child: fc.Arbitrary<unknown>): fc.Arbitrary<Record<string, unknown>> {
  const entry = fc.tuple(
    anyKey,
    fc.oneof({ weight: 9, arbitrary: child }, { weight: 1, arbitrary: fc.constant(undefined) }),
  );
  return fc
    .tuple(fc.array(entry, { maxLength: 4 }), fc.boolean())
    .map(([entries, bare]) =>
      bare
        ? Object.assign(Object.create(null), Object.fromEntries(entries))
        : Object.fromEntries(entries),
    );
}

/** Everything that a session can hold, nested. */
export const anyValue = value;
export const anyData = objectOf(value);

/**
 * All there is to see of a value, as text: kinds, order, the sign of zero, own keys of any name. Two
 * values with one portrait are the same to a program; keys that are undefined are not shown.
 */
export function portrait(value: unknown): string {
  if (typeof value === "bigint") return `${value}n`;
  if (Object.is(value, -0)) return "-0";
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? typeof value;
  const items = (list: Iterable<unknown>) => [...list].map(portrait).join();
  if (Array.isArray(value)) return `[${items(value)}]`;
  switch (Object.getPrototypeOf(value)) {
    case Date.prototype:
      return `Date(${(value as Date).getTime()})`;
    case Uint8Array.prototype:
      return `Uint8Array(${value})`;
    case Map.prototype:
      return `Map(${items(value as Map<unknown, unknown>)})`;
    case Set.prototype:
      return `Set(${items(value as Set<unknown>)})`;
    case Object.prototype:
    case null:
      return `{${Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(([key, item]) => `${JSON.stringify(key)}:${portrait(item)}`)
        .join()}}`;
    default:
      return `an instance of ${value.constructor.name}`;
  }
}
