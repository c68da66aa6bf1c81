import fc from "fast-check";

const SURROGATES = { first: 0xd800, count: 0x800 };

/**
 * Any character but half of a surrogate pair: the unit of a string. fast-check's own `"binary"` makes
 * a table of all the million of them in each process.
 */
export const anyCharacter = fc.nat({ max: 0x10ffff - SURROGATES.count }).map(characterOf, numberOf);

function characterOf(number: number): string {
  return String.fromCodePoint(number < SURROGATES.first ? number : number + SURROGATES.count);
}

function numberOf(text: unknown): number {
  const point = typeof text === "string" ? text.codePointAt(0) : undefined;
  const number = point === undefined || point < SURROGATES.first ? point : point - SURROGATES.count;
  if (number === undefined || characterOf(number) !== text) throw new Error("It is no character.");
  return number;
}
