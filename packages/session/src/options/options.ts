import type { Format, FormatOptions } from "../formats/format.ts";
import type { RejectReason } from "../session/lifetime.ts";
import type { StandardSchema } from "../session/schema.ts";
import type { OpenStore, SessionStore } from "../store/store.ts";
import type { Duration } from "./duration.ts";

/** What `defineSession` takes. Everything is optional; all of it is checked once, when first used. */
export interface SessionOptions {
  /**
   * The secret that signs, at least 32 characters; or a list with the newest first, of which the
   * first signs and all verify. Default: `process.env.SESSION_SECRET`, followed by what
   * `SESSION_SECRET_FALLBACKS` lists between commas.
   *
   * A session read under an older secret is signed under the newest at its next write, so an old one
   * can be dropped a `permanentLifetime` after the change.
   */
  secret?: string | readonly string[];

  /** The cookie's name. Default: `"session"`. The prefixes `__Host-` and `__Secure-` are honoured. */
  name?: string;

  /** The cookie's attributes. */
  cookie?: CookieOptions;

  /**
   * How long a session lasts. The server refuses any cookie signed longer ago, whether permanent or
   * not and whatever the browser kept; a permanent one gets it as Expires and Max-Age. Shortening it
   * applies to cookies that are already out. Default: 31 days, as in Flask.
   */
  permanentLifetime?: Duration;

  /**
   * A permanent session whose cookie is older than this is sent again when it is next saved, or an
   * `await using` scope ends, changed or not: who keeps coming stays logged in. `0`: every time, as
   * Flask does. Default: 1 day, or half of a `permanentLifetime` that is shorter than two.
   */
  refreshAfter?: Duration;

  /**
   * How long a session can last in all, counted from its creation: no refresh and no change of the
   * secret takes it further. Default: no such limit.
   */
  absoluteLifetime?: Duration;

  /**
   * Lets a session that is too large for one cookie travel in up to four (`session.0`, …), 12 KiB in
   * all. Turning it on or off logs nobody out. Not with `format: "flask"`, since Flask reads one
   * cookie. Default: `false`.
   */
  chunk?: boolean;

  /**
   * Deflates the cookie wherever that makes it shorter, as Flask does, and not only where it would not
   * fit: 1 KB becomes a fifth shorter (ids and tokens) or four fifths (lines of one shape), for some
   * 30 µs at each write and 10 at each read. Turning it on or off logs nobody out. Not with
   * `format: "flask"`, which always compresses, nor with a `store`, whose cookie holds an id. With
   * `format: "sealed"`, a cookie's length then tells something of what it holds. Default: `false`.
   */
  compress?: boolean;

  /**
   * What the data must look like, as a schema of zod, valibot, arktype or any other library with
   * Standard Schema; its output is the data's type. Data is judged when read, else it reads as empty
   * with the reason `"schema"`, and when saved; it is never transformed. Absent keys always fit.
   */
  // biome-ignore lint/suspicious/noExplicitAny: with `unknown`, options in a variable fit no Data.
  schema?: StandardSchema<any>;

  /**
   * Mends data that does not fit `schema`, of an older release say, when it is read. What it gives is
   * judged once more. Default: none.
   *
   * @example
   * migrate: ({ count, ...rest }) => ({ ...rest, visits: count })
   */
  migrate?: (
    data: Record<string, unknown>,
  ) => Record<string, unknown> | Promise<Record<string, unknown>>;

  /**
   * How the cookie is written. `"signed"`: readable by anyone, changeable by nobody. `"sealed"`:
   * encrypted as well. `"flask"`: exactly as Flask writes it, for one session shared with a Flask
   * application. Default: `"signed"`.
   *
   * @example
   * format: { format: "flask", digest: "SHA-512" } // for an app that changed digest_method
   */
  format?: Format | FormatOptions<"flask">;

  /**
   * Formats that are read as well, and rewritten in `format` at the next write: a migration that logs
   * nobody out. Nothing is accepted without a valid signature. Default: none.
   *
   * @example
   * accept: [{ format: "iron-session", secret: process.env.IRON_PASSWORD }]
   * accept: [{ format: "stored", store }] // back from a server-side store, or from another one
   */
  accept?: readonly (
    | Format
    | "iron-session"
    | FormatOptions<Format | "iron-session">
    | StoredOptions
  )[];

  /**
   * Keeps the data on the server: the cookie holds a signed random id and nothing else. A logout then
   * ends a session for good, and its size is the store's affair. Takes a `Keyv` or a `KeyvRedis`, what
   * `sqliteStore()` gives, or any {@link SessionStore}. Cookies in `format` are still read, and go into
   * the store at the next write. Default: none, the data is in the cookie.
   *
   * @example
   * store: new Keyv({ store: new KeyvRedis("redis://localhost:6379") })
   * store: () => openStore() // called when the first session is asked for, and not in `next build`
   */
  store?: SessionStore | OpenStore;

  /**
   * How long a request waits for `store`, each time it reads or saves, before it gets a
   * SessionStoreError. Default: 5 seconds.
   */
  storeTimeout?: Duration;

  /**
   * Called with the reason when a cookie is refused: never with its content, nor any secret. What it
   * throws is logged and does not reach the visitor. Default: a warning in development, nothing in
   * production.
   *
   * @example
   * onReject: (reason) => metrics.increment("session_rejected", { reason })
   */
  onReject?: (reason: RejectReason) => void | Promise<void>;

  /** The present time in **milliseconds** since 1970, for tests. Default: `Date.now`. */
  clock?: () => number;
}

/** Sessions that a server-side store keeps. */
export interface StoredOptions {
  readonly format: "stored";
  readonly store: SessionStore | OpenStore;
  /**
   * Their own secret or secrets, the newest first.
   *
   * @default the session's secrets
   */
  readonly secret?: string | readonly string[] | undefined;
}

export interface CookieOptions {
  /** Default: `"/"`. */
  path?: string;
  /** Default: none, so that only the host which set the cookie gets it back. */
  domain?: string;
  /** Default: `"lax"`. `"none"` needs `secure`. */
  sameSite?: "lax" | "strict" | "none";
  /** Default: `true` in production (`NODE_ENV`), `false` elsewhere. Browsers let http://localhost pass. */
  secure?: boolean;
  /** Default: `true`: no script in the page can read the session. */
  httpOnly?: boolean;
  /** A jar of its own in each embedding site (CHIPS); needs `secure`. Default: `false`. */
  partitioned?: boolean;
  /** Chromium's order of eviction. Default: none. */
  priority?: "low" | "medium" | "high";
}
