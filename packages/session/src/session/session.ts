import type { Payload } from "../formats/codec.ts";
import type { FlaskMarkup, FlaskUuid } from "../formats/flask/flask-json.ts";
import {
  areFlashes,
  FLASHES_KEY,
  type FlashMessage,
  SHOWN_FLASHES_KEY,
  type StoredFlash,
} from "./flash.ts";

/** What every session has beside its data; on the prototype, so that it never shows among the keys. */
export interface SessionControls {
  /**
   * Does the cookie outlive the browser? `false` (the default): it is gone when the browser closes.
   * `true`: it is kept for `permanentLifetime`. As in Flask; kept in the session itself, so it needs
   * setting once, at login say.
   */
  permanent: boolean;

  /**
   * Would saving now send a cookie? Found by comparing the session with what was read, so nested
   * changes count and a change undone does not. Set it by hand to overrule that: `true` sends the
   * cookie again, `false` leaves the browser's as it is.
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

/** What the layer above does for a session: nothing here knows of cookies, formats or clocks. */
export interface SessionKeeper {
  /** An empty payload, as of now. */
  begin(): Payload;
  /** Equal texts are equal sessions. */
  serialize(payload: Payload): string;
  parse(text: string): Payload;
  /** The public name of the record in a store. */
  sessionId?(): string | undefined;
  /** Does the session have an id that can be renewed? */
  isRenewable?(): boolean;
  /** Does this very answer render the page that shows what is flashed now? */
  rendersPage?(): boolean | undefined;
  /** Is this the page that an action redirected to, rendered within the action's answer? */
  isWithinAction?(): boolean | undefined;
  /** Makes the browser's cookie agree with the session. Called once at a time. */
  keep(session: Snapshot): Promise<void>;
}

/** What is to become of the session's id. */
export type Renewal = "regenerate" | "clear";

export interface Snapshot {
  readonly payload: Payload;
  readonly text: string;
  readonly modified: boolean;
  readonly renewal?: Renewal | undefined;
}

const CONTROLS = new Set([
  "permanent",
  "modified",
  "isNew",
  "sessionId",
  "regenerate",
  "clear",
  "flash",
  "flashes",
  "takeFlashes",
  "ageFlashes",
  "save",
]);

export class SessionObject implements SessionControls {
  readonly #keeper: SessionKeeper;
  readonly #isNew: boolean;
  /** Data under the name of a control, which only another writer of the cookie can have put there. */
  #shadowed: Record<string, unknown> = {};
  #flashes: readonly StoredFlash[] = [];
  #shownFlashes: readonly StoredFlash[] = [];
  #permanent: boolean;
  #createdAt: number | undefined;
  #typeHints: object | undefined;
  #savedText: string;
  #modifiedByHand: boolean | undefined;
  #renewal: Renewal | undefined;
  #lastSave: Promise<void> = Promise.resolve();
  #lastSaveFailed = false;

  constructor(keeper: SessionKeeper, payload: Payload, isNew: boolean, savedText: string) {
    this.#keeper = keeper;
    this.#isNew = isNew;
    this.#permanent = payload.permanent;
    this.#createdAt = payload.createdAt;
    this.#typeHints = payload.typeHints;
    this.#savedText = savedText;
    for (const key of Object.keys(payload.data)) {
      const value = payload.data[key];
      if (CONTROLS.has(key)) this.#shadowed[key] = value;
      else if (key === FLASHES_KEY && areFlashes(value)) this.#flashes = value;
      else if (key === SHOWN_FLASHES_KEY && areFlashes(value)) this.#shownFlashes = value;
      else setOwn(this, key, value);
    }
    // What is no own property is written last, wherever it stood, and that alone is no change.
    if (savedText && Object.keys(this).length < Object.keys(payload.data).length) {
      this.#savedText = keeper.serialize(this.#payload());
    }
  }

  get permanent(): boolean {
    return this.#permanent;
  }

  set permanent(permanent: boolean) {
    this.#permanent = permanent;
  }

  get isNew(): boolean {
    return this.#isNew;
  }

  /** A key like any other: Object.prototype's setter would put the value in the place of this class. */
  set __proto__(value: unknown) {
    setOwn(this, "__proto__", value);
  }

  get sessionId(): string | undefined {
    return this.#keeper.sessionId?.();
  }

  get modified(): boolean {
    return this.#modifiedByHand ?? this.#differs(this.#keeper.serialize(this.#payload()));
  }

  set modified(modified: boolean) {
    this.#modifiedByHand = modified;
  }

  regenerate(): void {
    this.#renewal ??= "regenerate";
  }

  clear(): void {
    this.#renewal = "clear";
    for (const key of Reflect.ownKeys(this)) Reflect.deleteProperty(this, key);
    this.#shadowed = {};
    this.takeFlashes();
    const { permanent, createdAt } = this.#keeper.begin();
    this.#permanent = permanent;
    this.#createdAt = createdAt;
    this.#typeHints = undefined;
  }

  get flashes(): readonly FlashMessage[] {
    const all = [...this.#shownFlashes, ...this.#flashes];
    return all.map(([category, message]) => ({ category, message }));
  }

  flash(category: string, message: string): void {
    const flash = [category, message] as const;
    if (this.#keeper.rendersPage?.()) this.#shownFlashes = [...this.#shownFlashes, flash];
    else this.#flashes = [...this.#flashes, flash];
  }

  takeFlashes(): readonly FlashMessage[] {
    const { flashes } = this;
    this.#flashes = [];
    this.#shownFlashes = [];
    return flashes;
  }

  ageFlashes(): void {
    if (this.#keeper.isWithinAction?.()) return;
    this.#shownFlashes = this.#flashes;
    this.#flashes = [];
  }

  save(): Promise<void> {
    // One after the other, or two at once would both find the session changed and both send it.
    const saveNow = () => this.#saveNow();
    this.#lastSave = this.#lastSave.then(saveNow, saveNow);
    return this.#lastSave;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.save();
  }

  /** The keys whose change would be lost, in silence, if the session were dropped now. */
  static unsavedKeys(session: SessionObject): string[] {
    // A save that failed has thrown what there is to say.
    if (session.#lastSaveFailed || !session.modified) return [];
    const keeper = session.#keeper;
    const before = keeper.parse(session.#savedText);
    const now = session.#payload();
    const textOf = ({ data, typeHints }: Payload, key: string) => {
      // Without hasOwn, `toString` would be found in any session.
      const one = Object.hasOwn(data, key) ? { [key]: data[key] } : {};
      return keeper.serialize({ data: one, permanent: false, typeHints });
    };
    const keys = new Set([...Object.keys(before.data), ...Object.keys(now.data)]);
    const changed = [...keys].filter((key) => textOf(before, key) !== textOf(now, key));
    if (before.permanent !== now.permanent) changed.push("permanent");
    if (session.#isToBeRenewed()) changed.push("sessionId");
    return changed;
  }

  async #saveNow(): Promise<void> {
    if (this.#modifiedByHand === false) return;
    this.#lastSaveFailed = true;
    const payload = this.#payload();
    const text = this.#keeper.serialize(payload);
    const modified = this.#modifiedByHand ?? this.#differs(text);
    const renewal = this.#renewal;
    await this.#keeper.keep({ payload, text, modified, renewal });
    this.#lastSaveFailed = false;
    if (modified) {
      this.#savedText = text;
      this.#modifiedByHand = undefined;
      // Not where it was asked for again while this was being saved.
      if (this.#renewal === renewal) this.#renewal = undefined;
    }
  }

  #differs(text: string): boolean {
    return this.#isToBeRenewed() || text !== this.#savedText;
  }

  #isToBeRenewed(): boolean {
    return this.#renewal !== undefined && this.#keeper.isRenewable?.() === true;
  }

  #payload(): Payload {
    const data: Record<string, unknown> = { ...this, ...this.#shadowed };
    if (this.#flashes.length > 0) data[FLASHES_KEY] = this.#flashes;
    if (this.#shownFlashes.length > 0) data[SHOWN_FLASHES_KEY] = this.#shownFlashes;
    return {
      data,
      permanent: this.#permanent,
      createdAt: this.#createdAt,
      typeHints: this.#typeHints,
    };
  }
}

// `session.save = …` then throws, instead of hiding the control behind a piece of data.
Object.freeze(SessionObject.prototype);

/** Sets what an assignment would not: `__proto__` and `constructor` are data like any other key. */
function setOwn(target: object, key: string, value: unknown): void {
  if (key in target) {
    Object.defineProperty(target, key, {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  } else {
    (target as Record<string, unknown>)[key] = value;
  }
}
