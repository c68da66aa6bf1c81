/** A message for the visitor, shown once. */
export interface FlashMessage {
  /** What kind it is: `"notice"`, `"error"`, whatever the page styles. */
  readonly category: string;
  readonly message: string;
}

/** As Flask keeps it, `(category, message)`; the third tells that a page has shown it. */
export type StoredFlash = readonly [category: string, message: string, shown?: 1];

/** Where Flask keeps its messages: among the data. */
export const FLASHES_KEY = "_flashes";

/** Is it what {@link FLASHES_KEY} holds, and not somebody's own data of that name? */
export function areFlashes(value: unknown): value is StoredFlash[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every(
      (flash) =>
        Array.isArray(flash) && typeof flash[0] === "string" && typeof flash[1] === "string",
    )
  );
}

/** A page comes next: what the last one showed goes, and what there is will have been shown. */
export function aged(flashes: readonly StoredFlash[]): StoredFlash[] {
  return flashes
    .filter(([, , shown]) => !shown)
    .map(([category, message]) => [category, message, 1]);
}
