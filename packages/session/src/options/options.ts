import type { Format, FormatOptions } from "../formats/format.ts";
import type { UserId } from "../homes/user-groups.ts";
import type { RejectReason } from "../session/lifetime.ts";
import type { StandardSchema } from "../session/schema.ts";
import type { OpenStore, SessionStore } from "../store/store.ts";
import type { Duration } from "./duration.ts";

/** What `defineSession` takes. Every option is optional, and all are checked once, when first used. */
// biome-ignore lint/suspicious/noExplicitAny: with `unknown`, options in a variable fit no Data.
export interface SessionOptions<Data = any> {
  /**
   * The secret that signs, with at least 32 characters. A list has the newest secret first: the first
   * one signs, and all of them verify.
   *
   * A session that was signed with an older secret is signed with the newest one at its next write.
   * So an old secret can be dropped one `idleTimeout` after the change.
   *
   * @default `process.env.SESSION_SECRET`, then the comma-separated list in `SESSION_SECRET_FALLBACKS`
   */
  secret?: string | readonly string[] | undefined;

  /**
   * The cookie's name. The rules of the prefixes `__Host-` and `__Secure-` are checked. The signature
   * covers the name, so a change of it ends all sessions.
   *
   * Browsers keep a cookie with a prefix only if it came over TLS (or from localhost), so no network in
   * between and no sibling subdomain can plant one (RFC 6265bis, 4.1.3; OWASP ASVS 5.0, 3.3.1 and
   * 3.3.3). Give a `name` if another program reads the cookie, or if its cookies are to be accepted.
   *
   * @default "__Host-session" if the cookie is Secure, as it is in production; "__Secure-session" with a
   * `domain` or a `path`; "session" without Secure, and for `format: "flask"` and `"starlette"`
   */
  name?: string | undefined;

  /** The cookie's attributes. */
  cookie?: CookieOptions | undefined;

  /**
   * After how much time without a request a session ends (OWASP ASVS 5.0, 7.3.1). A request counts if it
   * saves the session, changed or not. The server refuses any older cookie, permanent or not, whatever
   * the browser kept. A permanent session's cookie also gets it as Expires and Max-Age. A shorter timeout
   * applies to cookies that are already out. Browsers keep no cookie for more than 400 days (RFC
   * 6265bis, 5.5): a longer timeout ends there, unless a refresh comes before.
   *
   * @default { days: 31 }, as Flask's PERMANENT_SESSION_LIFETIME
   *
   * @example
   * idleTimeout: { minutes: 15 }, absoluteTimeout: { hours: 8 } // for an admin area
   */
  idleTimeout?: Duration | undefined;

  /**
   * A session whose cookie is older than this is sent again when it is saved, changed or not, so that
   * active users stay logged in (a rolling refresh). `0` sends it every time. An action that React calls
   * waits as long again, so that Next keeps the prefetched pages. With `format: "flask"` it applies to
   * permanent sessions alone, as in Flask.
   *
   * @default a tenth of `idleTimeout`, and a day at most
   */
  refreshAfter?: Duration | undefined;

  /**
   * After how much time since its start a session ends, however busy the visitor is (OWASP ASVS 5.0,
   * 7.3.2). No refresh and no change of the secret extends it. `clear()` starts a new session.
   *
   * @default no limit
   */
  absoluteTimeout?: Duration | undefined;

  /**
   * Lets a session that is too large for one cookie use up to four (`session.0`, …), with 12,288 bytes
   * in all. Users stay logged in when it is turned on or off. Flask and
   * Starlette read one cookie only, so `"flask"` and `"starlette"` do not allow it.
   *
   * @default false
   */
  chunk?: boolean | undefined;

  /**
   * Deflates the cookie wherever that makes it shorter, as Flask does, instead of only where it would
   * not fit. 1 KB of ids and tokens becomes a fifth shorter, 1 KB of similar lines four fifths. A
   * write takes some 30 µs more, a read 10 µs. Users stay logged in when it is turned on or off. With
   * `format: "sealed"`, a cookie's length then reveals something of its content. `"flask"` and
   * `"starlette"` compress as those two do, and the cookie beside a `store` holds only an id: none of
   * them takes this option.
   *
   * @default false
   */
  compress?: boolean | undefined;

  /**
   * The shape of the data: a schema of zod, valibot, arktype or any other library with Standard
   * Schema. Its output is the data's type. Data that does not fit reads as empty, with the reason
   * `"schema"`, and is refused when it is saved. Data is never transformed, and absent keys always
   * fit.
   *
   * @default no check
   */
  // biome-ignore lint/suspicious/noExplicitAny: with `unknown`, options in a variable fit no Data.
  schema?: StandardSchema<any> | undefined;

  /**
   * Updates data that does not fit `schema` when it is read: an older release may have written it. The
   * result is checked once more.
   *
   * @default none
   *
   * @example
   * migrate: ({ count, ...rest }) => ({ ...rest, visits: count })
   */
  migrate?:
    | ((
        data: Record<string, unknown>,
      ) => Record<string, unknown> | Promise<Record<string, unknown>>)
    | undefined;

  /**
   * How the cookie is written. `"signed"`: anyone can read it and nobody can change it. `"sealed"`: it
   * is encrypted as well. `"flask"`: exactly as Flask writes it, to share one session with a Flask
   * application. `"starlette"`: as Starlette's SessionMiddleware does, which FastAPI uses.
   *
   * @default "signed"
   *
   * @example
   * format: { format: "flask", digest: "SHA-512" } // for an app that changed digest_method
   */
  format?: Format | FormatOptions<"flask"> | undefined;

  /**
   * Formats that are read as well, and written in `format` at the next write. Users stay logged in
   * through a migration. Every format verifies its signature.
   *
   * @default none
   *
   * @example
   * accept: [{ format: "iron-session", secret: process.env.IRON_PASSWORD }]
   * accept: [{ format: "stored", store }] // back from a server-side store, or from another one
   */
  accept?:
    | readonly (Format | "iron-session" | FormatOptions<Format | "iron-session"> | StoredOptions)[]
    | undefined;

  /**
   * Keeps the data on the server. The cookie then holds only a signed random id, a logout ends the
   * session for good, and the data can have any size. Takes a `Keyv`, a `KeyvRedis`, the result of
   * `sqliteStore()` or any {@link SessionStore}. The store is authoritative: a cookie that holds data is
   * only read if `accept` names its format, and moves into the store at its next write.
   *
   * @default none: the data is in the cookie
   *
   * @example
   * store: new Keyv({ store: new KeyvRedis("redis://localhost:6379") })
   * store: () => openStore() // called when the first session is asked for, and not in `next build`
   * store, accept: ["signed"] // for one idleTimeout after turning it on: nobody is logged out
   */
  store?: SessionStore | OpenStore | undefined;

  /**
   * Says whose session it is, so that `sessionsOf()` lists a user's sessions and `endSessionsOf()` ends
   * them. It gets the session's data at each save, and returns a string, a number or a bigint, or nothing
   * for a session of nobody. Needs a `store` that has groups: the result of `sqliteStore()`, a
   * `KeyvRedis`, or your own. A session that was saved before this option was set is listed from its
   * next save on.
   *
   * @default none
   *
   * @example
   * userOf: (data) => data.userId
   */
  userOf?: ((data: Partial<Data>) => UserId | null | undefined) | undefined;

  /**
   * Ends all sessions of a user at once, those in cookies too: after a new password, say (OWASP ASVS 5.0,
   * 7.4.3). Needs `userOf`. A session that began before the time that `before` returns reads as empty,
   * with the reason `"revoked"`. A session begins when its user logs in: with `clear()`, with
   * `regenerate()`, or when `userOf` returns another user. No refresh and no other change moves that.
   *
   * @default no sessions are revoked, and cookies have no beginning
   *
   * @example
   * userOf: (data) => data.userId,
   * revocation: {
   *   before: async (userId) => (await users.find(userId))?.passwordChangedAt,
   *   cacheFor: { seconds: 30 },
   * }
   */
  revocation?: RevocationOptions | undefined;

  /**
   * How long one read or one save waits for the `store` before it throws a SessionStoreError.
   *
   * @default 5 (seconds)
   */
  storeTimeout?: Duration | undefined;

  /**
   * Refuses saves in requests that another site sent: a form or a fetch() there, also on a sibling
   * subdomain (OWASP ASVS 5.0, 3.5.1). `[]` trusts this site alone. List the other origins that may, as
   * an SSO provider that posts its answer (`form_post`), and those in Next's
   * `serverActions.allowedOrigins`. Browsers say where a request comes from in Sec-Fetch-Site and Origin;
   * a request with neither is allowed, and so are links and other GETs without Origin.
   *
   * @default every save is allowed. Server actions have Next's own check
   *
   * @example
   * trustedOrigins: ["https://appleid.apple.com"]
   */
  trustedOrigins?: readonly string[] | undefined;

  /**
   * Is called with the reason when a cookie is refused, and never with its content or a secret. A
   * request can bring several cookies of one name: each reason is reported once, also when another
   * cookie was accepted. An error that it throws is logged and does not reach the visitor.
   *
   * @default a warning in development, nothing in production
   *
   * @example
   * onReject: (reason) => metrics.increment("session_rejected", { reason })
   */
  onReject?: ((reason: RejectReason) => void | Promise<void>) | undefined;

  /**
   * The present time in **milliseconds** since 1970, for tests.
   *
   * @default Date.now
   */
  clock?: (() => number) | undefined;
}

/** Which sessions of a user have been revoked. */
export interface RevocationOptions {
  /**
   * Is asked when a session of this user is read: at most once per request and cookie. Returns the time
   * before which the user's sessions must have begun to be refused, to the second. `undefined` or `null`:
   * none were revoked. If it throws, `getSession()` throws a SessionStoreError
   * (`ERR_SESSION_REVOCATION`), and nobody is logged out.
   */
  before: (userId: UserId) => Date | null | undefined | Promise<Date | null | undefined>;
  /**
   * For how long an answer is kept, for each user and in each process. A revocation takes effect this
   * much later at most. At `regenerate()` it is asked again whatever is kept.
   *
   * @default 0: it is asked in each request
   */
  cacheFor?: Duration | undefined;
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

/** The attributes of the session's cookie (RFC 6265bis). */
export interface CookieOptions {
  /** @default "/" */
  path?: string | undefined;
  /** @default none: only the host that set the cookie gets it back */
  domain?: string | undefined;
  /**
   * `"none"` needs `secure`.
   *
   * @default "lax"
   */
  sameSite?: "lax" | "strict" | "none" | undefined;
  /**
   * Chromium and Firefox keep a Secure cookie of http://localhost too.
   *
   * @default true in production (`NODE_ENV`); otherwise true for a request that came over https
   */
  secure?: boolean | undefined;
  /**
   * No script in the page can read the session.
   *
   * @default true
   */
  httpOnly?: boolean | undefined;
  /**
   * A separate cookie for each site that embeds this one (CHIPS). Needs `secure`.
   *
   * @default false
   */
  partitioned?: boolean | undefined;
  /**
   * The order in which Chromium evicts cookies.
   *
   * @default none
   */
  priority?: "low" | "medium" | "high" | undefined;
}
