/** A message that the visitor sees once. */
export interface FlashMessage {
  /** The kind of message, which a page can style by: `"notice"`, `"error"`, … */
  readonly category: string;
  readonly message: string;
}

/** The request that flashes a message decides which page shows it. */
export interface FlashTiming {
  /** Does this response contain the page that shows the messages flashed now? */
  readonly rendersPage: boolean;
  /** Is this page rendered within the response to an action that redirected to it? */
  readonly isWithinAction: boolean;
}

/** Flask's layout. A third item would break its `for category, message in …`. */
export type StoredFlash = readonly [category: string, message: string];

/** Flask keeps the messages that wait for a page among the data, under this key. */
export const FLASHES_KEY = "_flashes";

/** The messages of this page, which a server component cannot remove. The next page omits them. */
export const SHOWN_FLASHES_KEY = "_shown_flashes";

/** Does it hold messages, or is it the app's own data under the same key? */
export function areFlashes(value: unknown): value is StoredFlash[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every(
      (flash) =>
        Array.isArray(flash) &&
        flash.length === 2 &&
        flash.every((part) => typeof part === "string"),
    )
  );
}
