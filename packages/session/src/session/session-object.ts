import { SessionContextError } from "../errors/errors.ts";
import type { Payload } from "../formats/codec.ts";
import type { Renew, Renewal, SessionBinding } from "./binding.ts";
import { disposal } from "./disposal.ts";
import {
  areFlashes,
  FLASHES_KEY,
  type FlashMessage,
  SHOWN_FLASHES_KEY,
  type StoredFlash,
} from "./flash.ts";
import { type Inspect, inspection } from "./inspection.ts";
import type { SessionControls } from "./session.ts";
import type { UnsavedChange } from "./unsaved-keys.ts";

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
  "once",
  "toJSON",
]);

const INSPECT = Symbol.for("nodejs.util.inspect.custom");

/** What leads to a session's parts. All instances of this package share the name: a session may be another's. */
export const PARTS = Symbol.for("next-signed-session.parts");

/** What a session holds, and how it is kept. */
export interface Parts {
  readonly payload: Payload;
  readonly binding: SessionBinding;
}

export class SessionObject implements SessionControls {
  readonly #binding: SessionBinding;
  readonly #isNew: boolean;
  /** Data under the name of a control, which only another writer of the cookie can have put there. */
  #shadowed: Record<string, unknown> = {};
  #flashes: readonly StoredFlash[] = [];
  #shownFlashes: readonly StoredFlash[] = [];
  #permanent: boolean;
  #createdAt: number | undefined;
  #typeHints: object | undefined;
  #savedText: string;
  /** The session as it was when `modified = false` waived the changes so far. */
  #waivedText: string | undefined;
  #isForced = false;
  #renewal: Renewal | undefined;
  #lastSave: Promise<void> = Promise.resolve();
  #lastSaveFailed = false;

  constructor(binding: SessionBinding, payload: Payload, isNew: boolean, savedText: string) {
    this.#binding = binding;
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
      this.#savedText = binding.serialize(this.#payload());
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
    return this.#binding.sessionId;
  }

  get modified(): boolean {
    return this.#isModified(this.#binding.serialize(this.#payload()));
  }

  set modified(modified: boolean) {
    this.#isForced = modified;
    // What clear() began is waived by nobody: a helper must not turn a logout into nothing.
    const canWaive = !modified && this.#renewal !== "clear";
    this.#waivedText = canWaive ? this.#binding.serialize(this.#payload()) : undefined;
  }

  regenerate(): void {
    this.#renewal ??= "regenerate";
  }

  clear(): void {
    this.#renewal = "clear";
    for (const key of Reflect.ownKeys(this)) Reflect.deleteProperty(this, key);
    this.#shadowed = {};
    this.takeFlashes();
    const { permanent, createdAt } = this.#binding.begin();
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
    if (this.#binding.flashTiming?.rendersPage) this.#shownFlashes = [...this.#shownFlashes, flash];
    else this.#flashes = [...this.#flashes, flash];
  }

  takeFlashes(): readonly FlashMessage[] {
    const { flashes } = this;
    this.#flashes = [];
    this.#shownFlashes = [];
    return flashes;
  }

  ageFlashes(): void {
    if (this.#binding.flashTiming?.isWithinAction) return;
    this.#shownFlashes = this.#flashes;
    this.#flashes = [];
  }

  save(): Promise<void> {
    if (!SessionObject.#isOriginal(this)) return Promise.reject(copyRefusal());
    // One after the other, or two at once would both find the session changed and both send it.
    const saveNow = () => this.#saveNow();
    this.#lastSave = this.#lastSave.then(saveNow, saveNow);
    return this.#lastSave;
  }

  async once(key: string, renew: Renew): Promise<unknown> {
    if (!SessionObject.#isOriginal(this)) throw copyRefusal();
    const renewed = await this.#binding.once?.(key, renew);
    if (!renewed) return undefined;
    const { value, isStored } = renewed;
    setOwn(this, key, value);
    if (isStored) {
      const withValue = (text: string) => {
        const payload = this.#binding.parse(text);
        return this.#binding.serialize({ ...payload, data: { ...payload.data, [key]: value } });
      };
      // It is in the store already, and so no change that is yet to be saved.
      if (this.#savedText) this.#savedText = withValue(this.#savedText);
      if (this.#waivedText) this.#waivedText = withValue(this.#waivedText);
    }
    return value;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return disposal(this.save());
  }

  toJSON(key?: string): Record<string, unknown> {
    // JSON.stringify() passes a key. React's serializer uses it, and must meet the guard below.
    return (key === undefined ? { ...this } : this) as unknown as Record<string, unknown>;
  }

  [PARTS](): Parts {
    return { payload: this.#payload(), binding: this.#binding };
  }

  [INSPECT](depth: number | null, options: object, inspect: Inspect): string {
    return inspection(this, depth, options, inspect);
  }

  /**
   * React reads this old name of an iterator when it sends an object to a client component or a cached
   * function, or renders it. Hardly anything else reads it.
   */
  get "@@iterator"(): never {
    throw new SessionContextError(
      "ERR_SESSION_COPY",
      'A session was passed to a client component, to a cached function or to JSX. It belongs to its request, and a copy of it could not be saved. Pass only the values that are needed. Client components, whose props the browser receives, get getPublicSession() of defineSession().expose("name").',
    );
  }

  set "@@iterator"(value: unknown) {
    setOwn(this, "@@iterator", value);
  }

  /** What would be lost if the session were dropped now. */
  static unsaved(session: SessionObject): UnsavedChange | undefined {
    // A save that failed has thrown what there is to say.
    if (session.#lastSaveFailed || !session.modified) return undefined;
    const binding = session.#binding;
    const renewal = session.#isToBeRenewed() ? session.#renewal : undefined;
    return { binding, before: binding.parse(session.#savedText), now: session.#payload(), renewal };
  }

  static #isOriginal(session: object | undefined): boolean {
    return session !== undefined && #binding in session;
  }

  async #saveNow(): Promise<void> {
    this.#lastSaveFailed = true;
    let payload = this.#payload();
    const beginning = this.#binding.newBeginning?.(payload, this.#renewal);
    if (beginning !== undefined) {
      this.#createdAt = beginning;
      payload = { ...payload, createdAt: beginning };
    }
    const text = this.#binding.serialize(payload);
    const modified = this.#isModified(text);
    const renewal = this.#renewal;
    if (modified || text !== this.#waivedText) {
      await this.#binding.save({ payload, text, modified, renewal });
    }
    this.#lastSaveFailed = false;
    if (modified) {
      this.#savedText = text;
      this.#waivedText = undefined;
      this.#isForced = false;
      // Another renewal that was requested during this save must stay.
      if (this.#renewal === renewal) this.#renewal = undefined;
    }
  }

  #isModified(text: string): boolean {
    if (this.#isForced || this.#isToBeRenewed()) return true;
    return text !== this.#savedText && text !== this.#waivedText;
  }

  #isToBeRenewed(): boolean {
    return this.#renewal !== undefined && this.#binding.canRenew?.(this.#renewal) === true;
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

function copyRefusal(): SessionContextError {
  return new SessionContextError(
    "ERR_SESSION_COPY",
    "save() was called on a copy of the session, such as lodash's cloneDeep() makes, or without an object, as in `const { save } = session`. Call it on the object that getSession() returned. To copy the data, write { ...session }.",
  );
}

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
