import type { FlaskMarkup, FlaskUuid } from "../formats/flask/values.ts";
import type { FlashMessage } from "./flash.ts";

/**
/**
 * The properties and methods that every session has besides its data. They are on the prototype, so
 * they never appear among the keys. A class, because TypeScript leaves a class's methods and accessors
 * out of the type of `{ ...session }`.
 */
export declare abstract class SessionControls<Data = Record<string, unknown>> {
  /**
   * Does the cookie outlive the browser session? `true` keeps it for `idleTimeout` (browsers
   * keep a cookie for at most 400 days: RFC 6265bis, 5.5). How long the session lasts on the server does
   * not depend on it. `false` drops it when the browser closes. As
   * in Flask, the value is part of the session, so set it once, for example at login.
   *
   * @default false
   */
  get permanent(): boolean;
  set permanent(permanent: boolean);

  /**
   * Would saving now send a cookie for a change? By default the session is compared with what was
   * read, so nested changes count, and a change that was undone does not.
   *
   * Set it to overrule the comparison. `true` sends the cookie again. `false` means "not because of
   * what was changed so far", and holds back a due refresh as well. A later change is saved together
   * with the earlier ones. `clear()` and `regenerate()` are saved whenever they were called.
   *
   * @throws SessionSerializationError (`ERR_SESSION_SERIALIZATION`) when read, if the session holds a
   * value that cannot be kept
   */
  get modified(): boolean;
  set modified(modified: boolean);

  /** Did the request have no session cookie, or only refused ones? */
  get isNew(): boolean;

  /**
   * The session's key in the server-side `store`. Use it to list sessions and to end them:
   * `endSession(sessionId)` ends this one. It contains only a hash of the cookie's id, so you may show
   * and log it. `undefined` without a store, and until a new session is first saved.
   */
  get sessionId(): string | undefined;

  /**
   * Makes the next save give the session a new id and end the old one. Call it at login, and wherever
   * else the visitor's rights change, against session fixation (OWASP ASVS 5.0, 7.2.4). A logout that is
   * under way ends the session under its new id too. Without a `store` a session has no id that could be
   * fixed, and this does nothing. With the option `revocation` the session then counts as one that
   * begins now, in a cookie too: call it where the visitor has just proved who they are.
   *
   * @example
   * session.regenerate();
   * session.userId = user.id;
   */
  regenerate(): void;

  /**
   * Removes all data and sets `permanent` to `false`. The next save deletes the browser's cookie and,
   * with a `store`, the record, so that copies of the cookie are refused and no request that is under way
   * brings the session back. Data that you set after it belongs to a new session. If the store refuses
   * it, the cookie is deleted all the same, and `save()` throws.
   */
  clear(): void;

  /**
   * Leaves a message for the next page, as in Flask. With `format: "flask"`, Flask shows it too.
   *
   * @example
   * session.flash("notice", "Saved");
   * redirect("/");
   */
  flash(category: string, message: string): void;

  /** The messages for this page. Reading them removes none, so a server component can. */
  get flashes(): readonly FlashMessage[];

  /** Returns the messages and removes them: for a route handler or an action that shows them itself. */
  takeFlashes(): readonly FlashMessage[];

  /**
   * Removes the messages that the last page has shown, and marks the present ones as shown by this
   * page. Call it in the proxy before a page, so that each message is shown once: a server component
   * cannot remove them.
   */
  ageFlashes(): void;

  /**
   * Sends the cookie if the session was changed or is due for a refresh. Otherwise it does nothing. The
   * end of an `await using` scope calls it.
   *
   * @throws SessionReadOnlyError (`ERR_SESSION_READ_ONLY`) where no cookie can be sent
   * @throws SessionReadOnlyError (`ERR_SESSION_CROSS_ORIGIN`) in another site's request, with
   * `trustedOrigins`
   * @throws SessionTooLargeError (`ERR_SESSION_TOO_LARGE`) if the session does not fit its cookie
   * @throws SessionSerializationError (`ERR_SESSION_SERIALIZATION`) if a value cannot be kept; the
   * message has its path
   * @throws SessionSerializationError (`ERR_SESSION_SCHEMA`) if the data does not fit `schema`
   * @throws SessionStoreError (`ERR_SESSION_STORE`, `ERR_SESSION_STORE_TIMEOUT`) if the `store` fails
   * or does not answer in time
   * @throws SessionContextError (`ERR_SESSION_COPY`) if it is called on a copy of the session
   */
  save(): Promise<void>;

  /**
   * Renews a value of the session once, however many requests find it stale at the same time. One of them
   * calls `renew`, and the others wait and get the same value, in one process and across processes.
   * Needs a `store`. Made for access tokens, whose refresh token can often be used only once.
   *
   * The new value is stored under the key at once, without `save()` and without a cookie. So a server
   * component can call it as well. A request that had read the old value gets the renewed one, even if it
   * comes late. If `renew` fails, all that wait in this process get its error, and the next request tries
   * again. If its process is killed, another request takes over after 10 seconds at the latest.
   *
   * @param key The key of the value, such as `"token"`.
   * @param renew Returns the new value. It gets a signal that aborts after 10 seconds: pass it to `fetch()`.
   * @returns The new value, or `undefined` if the session has ended meanwhile.
   * @throws SessionOptionError (`ERR_SESSION_OPTION`) without the option `store`
   * @throws SessionSerializationError (`ERR_SESSION_SERIALIZATION`, `ERR_SESSION_SCHEMA`) if the new value
   * cannot be kept or does not fit `schema`
   * @throws SessionStoreError (`ERR_SESSION_STORE`, `ERR_SESSION_STORE_TIMEOUT`) if the `store` fails or
   * does not answer in time
   * @throws SessionContextError (`ERR_SESSION_COPY`) if it is called on a copy of the session
   * @throws whatever `renew` throws, and a `TimeoutError` if it takes longer than 10 seconds
   *
   * @example
   * let { token } = session;
   * if (token && token.expires < Date.now()) {
   *   const { refreshToken } = token;
   *   token = await session.once("token", (signal) => fetchToken(refreshToken, signal));
   * }
   */
  once<Key extends keyof Data & string>(
    key: Key,
    renew: (signal: AbortSignal) => Data[Key] | Promise<Data[Key]>,
  ): Promise<Data[Key] | undefined>;

  /** Returns the data as a plain object, as `{ ...session }` does. `JSON.stringify(session)` calls it. */
  toJSON(): Partial<Data>;

  /** Calls {@link save} at the end of an `await using` scope. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * A session: the data as own properties, each of which may be absent, and the controls.
 *
 * @example
 * await using session = await getSession();
 * session.visits = (session.visits ?? 0) + 1;
 */
export type Session<Data> = Partial<Data> & SessionControls<Data>;

/**
 * The constraint on a session's data: its values can be kept, and no key has the name of a control. A
 * key that breaks it (a function, an object with methods, a symbol) has the type `never` here, so the
 * compiler's error at `defineSession<Data>` names it.
 */
export type SessionData<Data> = {
  [Key in keyof Data]: Key extends keyof SessionControls ? never : Storable<Data[Key]>;
};

type Atom =
  | string
  | number
  | boolean
  | bigint
  | null
  | undefined
  | Date
  | Uint8Array
  | FlaskUuid
  | FlaskMarkup;

type AnyFunction = (...input: never[]) => unknown;
type AnyClass = abstract new (...input: never[]) => unknown;

type Storable<Value> = unknown extends Value
  ? Value
  : Value extends Atom
    ? Value
    : Value extends symbol | AnyFunction | AnyClass
      ? never
      : Value extends ReadonlyMap<infer Key, infer Item>
        ? ReadonlyMap<Storable<Key>, Storable<Item>>
        : Value extends ReadonlySet<infer Item>
          ? ReadonlySet<Storable<Item>>
          : { [Key in keyof Value]: Storable<Value[Key]> };
