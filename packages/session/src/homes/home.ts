import type { SetCookie } from "../cookie/cookie.ts";
import type { CodecRejection, Payload, Rejected } from "../formats/codec.ts";
import type { Awaitable } from "../runtime/awaitable.ts";
import type { Renew, Renewal } from "../session/binding.ts";
import type { UserId } from "./user-groups.ts";
import type { ListedSession } from "./user-sessions.ts";

/** Why a home refused a cookie's value. */
export type HomeRejection = CodecRejection | "unknown-session";

/** A session as its home keeps it. */
export interface HeldSession {
  readonly ok: true;
  readonly payload: Payload;
  /** The payload as the home serializes it. Equal sessions have equal texts. */
  readonly text: string;
  /** Unix time in seconds at which the browser's cookie was signed. */
  readonly issuedAt: number;
  /** Unix time in seconds at which a store last wrote the session. */
  readonly writtenAt?: number | undefined;
  /** The session's key in a store. It is no secret. */
  readonly sessionId?: string | undefined;
}

export interface Refusal extends Rejected<HomeRejection> {
  /**
   * The old id of a session that lives on under another one. The browser has its cookie or is about to
   * get it. This request gets neither the data nor the new id: a person who planted the old id could
   * have sent it.
   */
  readonly movedFrom?: string | undefined;
}

export interface SessionChange<Held extends HeldSession = HeldSession> {
  /** The session as the request found it in this home, or last wrote it there. */
  readonly held: Held | undefined;
  readonly payload: Payload;
  readonly text: string;
  readonly renewal: Renewal | undefined;
  /** Unix time in seconds. */
  readonly issuedAt: number;
}

export interface Written {
  /**
   * The cookies that replace the browser's. There are none if the session is empty. `undefined`: the
   * browser keeps what it has.
   */
  readonly cookies: readonly SetCookie[] | undefined;
  readonly held: HeldSession | undefined;
}

/** A place from which sessions are read. */
export interface ReadableHome {
  /**
   * Never throws because of what the visitor sent.
   *
   * @throws SessionStoreError (`ERR_SESSION_STORE`, `ERR_SESSION_STORE_TIMEOUT`)
   */
  read(value: string): Awaitable<HeldSession | Refusal>;
  /**
   * Ends a session, and those that have taken its place. No running request brings it back.
   *
   * @param hasMoved Is it in another home now?
   */
  end?(sessionId: string, hasMoved?: boolean): Promise<void>;
}

/** A place that keeps sessions: the cookie itself, or a store on the server. */
export interface SessionHome<Held extends HeldSession = HeldSession> extends ReadableHome {
  /** Do its sessions have an id that a new one can replace? */
  readonly hasIds: boolean;
  /** @throws SessionSerializationError (`ERR_SESSION_SERIALIZATION`) */
  serialize(payload: Payload): string;
  /** The inverse of {@link serialize}. */
  parse(text: string): Payload;
  /**
   * Takes over a session that another home read from this cookie value: this home keeps it from its next
   * write on. Returns what has become of it if it was taken over before.
   */
  adopt?(value: string, found: HeldSession): Promise<HeldSession | Refusal>;
  /** Notes which objects a request gets, before it can change one in place. */
  hand?(held: HeldSession): HeldSession;
  /**
   * Renews a value of the session, unless another request has renewed it or is about to. Returns the
   * session's serialized payload with the renewed value, or `undefined` if the session has ended.
   *
   * @throws what `renew` throws
   * @throws SessionStoreError (`ERR_SESSION_STORE`, `ERR_SESSION_STORE_TIMEOUT`)
   */
  renew?(held: Held, key: string, renew: Renew): Promise<string | undefined>;
  /** The session with this value, as if the request had read it so. */
  withRead?(held: Held, key: string, value: unknown): Held;
  /**
   * Returns `"ended"` if another request has ended the session meanwhile. It stays ended.
   *
   * @throws SessionTooLargeError (`ERR_SESSION_TOO_LARGE`)
   * @throws SessionStoreError (`ERR_SESSION_STORE`, `ERR_SESSION_STORE_TIMEOUT`)
   */
  write(change: SessionChange<Held>): Awaitable<Written | "ended">;
  /**
   * The living sessions of a user, the one that was written last first.
   *
   * @throws SessionOptionError (`ERR_SESSION_OPTION`) without the option `userOf`
   */
  list?(userId: UserId): Promise<readonly ListedSession[]>;
  /**
   * Ends the sessions of a user.
   *
   * @param except The id of a session that goes on.
   * @throws SessionOptionError (`ERR_SESSION_OPTION`) without the option `userOf`
   */
  endAll?(userId: UserId, except?: string): Promise<void>;
  /** Keeps a new session and returns the value of its one cookie. */
  encode(payload: Payload, text: string, issuedAt: number): Awaitable<string>;
}

/** A key whose value is `undefined` counts as absent, because JSON does not keep it. */
export function isEmpty({ data }: Payload): boolean {
  return Object.values(data).every((value) => value === undefined);
}
