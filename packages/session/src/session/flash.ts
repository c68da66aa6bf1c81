/** A message for the visitor, shown once. */
export interface FlashMessage {
  /** What kind it is: `"notice"`, `"error"`, whatever the page styles. */
  readonly category: string;
  readonly message: string;
}

/** Which page shows a message is decided by the request that flashes it. */
export interface FlashTiming {
  /** Does this very response render the page that shows what is flashed now? */
  readonly rendersPage: boolean;
  /** Is this a page that an action redirected to, rendered within the response to the action? */
  readonly isWithinAction: boolean;
}

/** As Flask keeps it. A third item would break its `for category, message in …`. */
export type StoredFlash = readonly [category: string, message: string];

/** Where Flask keeps the messages that are still to be shown: among the data. */
export const FLASHES_KEY = "_flashes";

/** Those that this page shows, and the next one shall not: a server component cannot remove them. */
export const SHOWN_FLASHES_KEY = "_shown_flashes";

/** Is it what these keys hold, and not somebody's own data of that name? */
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
