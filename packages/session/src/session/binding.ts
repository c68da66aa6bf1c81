import type { Payload } from "../formats/codec.ts";
import type { FlashTiming } from "./flash.ts";
import type { Age, Lifetime } from "./lifetime.ts";

/** What a save does with the session's id. */
export type Renewal = "regenerate" | "clear";

/** Returns a new value. */
export type Renew = (signal: AbortSignal) => unknown;

export interface Renewed {
  readonly value: unknown;
  /** Does the store have it? Otherwise it is a change like any other, and yet to be saved. */
  readonly isStored: boolean;
}

/** The session at the time of a save. */
export interface Snapshot {
  readonly payload: Payload;
  /** The payload, serialized. */
  readonly text: string;
  readonly modified: boolean;
  readonly renewal: Renewal | undefined;
}

/** Unix times in seconds. */
export interface JudgedAge extends Omit<Age, "createdAt"> {
  readonly now: number;
  readonly lifetime: Lifetime;
}

/** A session object's connection to its request. It hides cookies, formats, stores and clocks. */
export interface SessionBinding {
  readonly flashTiming?: FlashTiming | undefined;
  /** The session's key in a store. It is no secret. */
  readonly sessionId?: string | undefined;
  /** Does the browser hold something that this renewal would replace or delete? */
  canRenew?(renewal: Renewal): boolean;
  /**
   * Renews a value of the session, unless another request has renewed it or is about to. Returns
   * `undefined` if the session has ended.
   *
   * @throws SessionOptionError (`ERR_SESSION_OPTION`) without a store
   */
  once?(key: string, renew: Renew): Promise<Renewed | undefined>;
  /** An empty payload that begins now. */
  begin(): Payload;
  /**
   * The session's new beginning, if what was done to it begins another one: Unix time in seconds.
   */
  newBeginning?(payload: Payload, renewal: Renewal | undefined): number | undefined;
  /** How old the browser's cookie is, and what it is judged by. */
  readonly age: JudgedAge;
  /** Equal sessions give equal texts. @throws SessionSerializationError */
  serialize(payload: Payload): string;
  /** The inverse of {@link serialize}. */
  parse(text: string): Payload;
  /** Makes the browser's cookie agree with the session. Saves of one session never overlap. */
  save(session: Snapshot): Promise<void>;
}
