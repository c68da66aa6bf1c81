import { type Hint, type ReadItem, rememberedHints, type TypeHints } from "./type-hints.ts";

/**
 * What each item of an array was in Python. Items move, so a container is known by its identity, and
 * a string or a number by its value. Only where two kinds share a value does its position decide.
 */
export function hintsOfItems(
  hints: TypeHints,
  items: readonly unknown[],
): readonly (Hint | undefined)[] {
  const read = hints.readItems;
  if (!read) return [];
  if (areUnchanged(items, read)) return read.map(({ hint }) => hint);
  const kinds = kindsByValue(read);
  const present = new Set(items);
  const byPosition = hintByPosition(items, read, present);
  return items.map((item, index) => {
    if (!isContainer(item)) {
      const kind = kinds.get(item);
      return kind === "several" ? byPosition(index) : kind;
    }
    // A container that was read has hints of its own. Another one can be the copy of one that is gone.
    if (rememberedHints(item)) return undefined;
    const replaced = items.length === read.length ? read[index] : undefined;
    return byPosition(index) ?? (present.has(replaced?.value) ? undefined : replaced?.hint);
  });
}

function areUnchanged(items: readonly unknown[], read: readonly ReadItem[]): boolean {
  return (
    items.length === read.length &&
    items.every((item, index) => Object.is(item, read[index]?.value))
  );
}

function kindsByValue(read: readonly ReadItem[]): Map<unknown, Hint | "several" | undefined> {
  const kinds = new Map<unknown, Hint | "several" | undefined>();
  for (const { value, hint } of read) {
    const isShared = kinds.has(value) && kinds.get(value) !== hint;
    kinds.set(value, isShared ? "several" : hint);
  }
  return kinds;
}

/**
 * The hint of an item where the array grew or shrank at one end, so that positions count from the
 * other. None where both ends would do and disagree: the plain reading is the safe one, as an int in
 * the place of a float, or a str in the place of Markup.
 */
function hintByPosition(
  items: readonly unknown[],
  read: readonly ReadItem[],
  present: ReadonlySet<unknown>,
): (index: number) => Hint | undefined {
  const shorter = Math.min(items.length, read.length);
  const growth = items.length - read.length;
  // A container that was not read may be a copy of any that is gone.
  const canBe = (item: unknown, { value }: ReadItem) =>
    Object.is(item, value) ||
    (isContainer(item) && !rememberedHints(item) && isContainer(value) && !present.has(value));
  const commonLength = (shift: number, first: number, step: number) => {
    let length = 0;
    for (let at = first; length < shorter; at += step, length++) {
      if (!canBe(items[at], read[at - shift] as ReadItem)) break;
    }
    return length;
  };
  const start = commonLength(0, 0, 1);
  const end = commonLength(growth, items.length - 1, -1);

  return (index) => {
    const fromStart = read[index]?.hint;
    const fromEnd = read[index - growth]?.hint;
    const isInStart = index < start;
    const isInEnd = index >= items.length - end;
    if (isInStart && isInEnd && fromStart !== fromEnd) return undefined;
    if (isInStart && start === shorter) return fromStart;
    return isInEnd && end === shorter ? fromEnd : undefined;
  };
}

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
