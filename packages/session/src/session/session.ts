import type { FlaskMarkup, FlaskUuid } from "../formats/flask/values.ts";
import type { FlashMessage } from "./flash.ts";

/** What every session has beside its data; on the prototype, so that it never shows among the keys. */
export interface SessionControls {
  /**
   * Does the cookie outlive the browser? `false` (the default): it is gone when the browser closes.
   * `true`: it is kept for `permanentLifetime`. As in Flask; kept in the session itself, so it needs
   * setting once, at login say.
   */
  permanent: boolean;

  /**
   * Would saving now send a cookie for a change? Found by comparing the session with what was read:
   * nested changes count, and a change that was undone does not.
   *
   * Set it to overrule that. `true` sends the cookie again. `false` means "not because of what was
   * changed so far", and holds back a due refresh as well; a later change is saved, together with
   * the earlier ones, and `clear()` and `regenerate()` are saved whenever they were called.
   *
   * @throws SessionSerializationError (`ERR_SESSION_SERIALIZATION`) naming what cannot be kept
   */
  modified: boolean;

  /** Did the request come without a cookie that could be read? */
  readonly isNew: boolean;

  /**
   * A name for this session that may be shown and logged, to list and to revoke sessions by: the
   * key of its record in the server-side `store`, so that `store.delete(sessionId)` ends it. It is not
   * the id in the cookie, and of no use to who wants to pose as the visitor. `undefined` without a
   * store, and until a new session is first saved.
   */
  readonly sessionId: string | undefined;

  /**
   * Gives the session a new id when it is saved, and ends the old one: at login, and wherever else
   * the visitor's rights change, against session fixation. Without a `store` there is no id that could
   * be fixed, and this does nothing.
   *
   * @example
   * session.regenerate();
   * session.userId = user.id;
   */
  regenerate(): void;

  /**
   * Removes all data, and `permanent`. Saved like any change: the browser's cookie is deleted, and
   * with a `store` the record, so that a copy of the cookie is worth nothing. What is set after it is
   * a new session.
   */
  clear(): void;

  /**
   * Leaves a message for the next page: `session.flash("notice", "Saved")`, then `redirect()`. As in
   * Flask, and with `format: "flask"` the same messages.
   */
  flash(category: string, message: string): void;

  /** The messages to show on this page. Reading them, in a server component say, removes none. */
  readonly flashes: readonly FlashMessage[];

  /** The messages, which are then gone: in a route handler or an action that shows them itself. */
  takeFlashes(): readonly FlashMessage[];

  /**
   * For the proxy, before a page: removes the messages that the last page has shown, and counts those
   * there are now as shown by this one. So each is shown once, by a server component that could not
   * remove it.
   */
  ageFlashes(): void;

  /**
   * Sends the cookie if the session was changed (or is due for a refresh), else does nothing. The
   * end of an `await using` scope does the same: this is for those who do not use it.
   *
   * @throws SessionReadOnlyError (`ERR_SESSION_READ_ONLY`) where no cookie can be sent
   * @throws SessionTooLargeError (`ERR_SESSION_TOO_LARGE`) when it does not fit its cookie
   * @throws SessionSerializationError (`ERR_SESSION_SERIALIZATION`) naming what cannot be kept
   * @throws SessionStoreError (`ERR_SESSION_STORE`, `ERR_SESSION_STORE_TIMEOUT`) when the `store`
   * fails, or does not answer in time
   */
  save(): Promise<void>;

  /** {@link save}, at the end of an `await using` scope. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * A session: the data as plain own properties, each of which may be absent, and the controls.
 *
 * @example
 * await using session = await getSession();
 * session.visits = (session.visits ?? 0) + 1;
 */
export type Session<Data> = Partial<Data> & SessionControls;

/**
 * What a session's data may be: an object type whose values can be kept, none of them under the name
 * of a control. What cannot be kept (a function, an object with methods, a symbol) turns into `never`
 * here, so that `defineSession<Data>` says at which key it does not compile.
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
