import type { Key } from "../value-path.ts";

/*
 * A tuple, a UUID, a Markup and a float such as 1.0 read as the plain array, string or number that
 * JavaScript has for them, and what they were is remembered beside the container that holds them. A
 * plain value can be rendered, compared, passed to a client component and kept in any other format;
 * a wrapper could not.
 */

/** What Python had where JavaScript has a plain string or number. */
export type Kind = "float" | "uuid" | "markup";

/** What one value was in Python. */
export type Hint = Kind | TypeHints;

/** What a container was in Python, and what it held. */
export class TypeHints {
  readonly isTuple: boolean;
  readonly #noted = new Map<Key, { readonly hint: Hint; readonly value: unknown }>();
  #items: readonly unknown[] | undefined;

  constructor(isTuple = false) {
    this.isTuple = isTuple;
  }

  get isEmpty(): boolean {
    return this.#noted.size === 0;
  }

  note(key: Key, hint: Hint, value: unknown): void {
    this.#noted.set(key, { hint, value });
  }

  /** Remembers the order of an array's items, which are then known wherever they move. */
  noteItems(items: readonly unknown[]): void {
    this.#items = [...items];
  }

  ofKey(key: Key, value: unknown): Hint | undefined {
    const noted = this.#noted.get(key);
    // A changed string or number is what it looks like; a changed container is the same container.
    const isStale = typeof noted?.hint === "string" && !Object.is(noted.value, value);
    return isStale ? undefined : noted?.hint;
  }

  /** The items as they were read, each with what it was. */
  get readItems(): readonly ReadItem[] | undefined {
    return this.#items?.map((value, index) => ({ value, hint: this.#noted.get(index)?.hint }));
  }
}

export interface ReadItem {
  readonly value: unknown;
  readonly hint: Hint | undefined;
}

/** A list or a dict whose values all are what they look like. */
export const PLAIN = new TypeHints();
/** A tuple whose values all are what they look like. */
export const PLAIN_TUPLE = new TypeHints(true);

const known = new WeakMap<object, TypeHints>();

/** Ties hints to a container: they stay with it wherever it moves. */
export function rememberHints(container: object, hints: TypeHints): void {
  known.set(container, hints);
}

export function rememberedHints(container: object): TypeHints | undefined {
  return known.get(container);
}
