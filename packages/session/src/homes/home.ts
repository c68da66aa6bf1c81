import type { SetCookie } from "../cookie/cookie.ts";
import type { CodecRejection, Payload, Rejected } from "../formats/codec.ts";
import type { Awaitable } from "../runtime/awaitable.ts";
import type { Renewal } from "../session/binding.ts";

/** Why a home refused a cookie's value. */
export type HomeRejection = CodecRejection | "unknown-session";

/** A session as its home holds it. */
export interface HeldSession {
  readonly ok: true;
  readonly payload: Payload;
  /** The payload as the home serializes it: equal texts are equal sessions. */
  readonly text: string;
  /** Unix time in seconds at which the browser's cookie was signed. */
  readonly issuedAt: number;
  /** Unix time in seconds at which a store last wrote the session. */
  readonly writtenAt?: number | undefined;
  /** The session's name in a store, which may be shown and logged. */
  readonly sessionId?: string | undefined;
}

export interface SessionChange<Held extends HeldSession = HeldSession> {
  /** What the request found in this home, or what it last wrote there. */
  readonly held: Held | undefined;
  readonly payload: Payload;
  readonly text: string;
  readonly renewal: Renewal | undefined;
  /** Unix time in seconds. */
  readonly issuedAt: number;
}

export interface Written {
  /** What the browser is to hold instead of what it has. None: the session is empty. */
  readonly cookies: readonly SetCookie[];
  readonly held: HeldSession | undefined;
}

/** A place that sessions are read from. */
export interface ReadableHome {
  /**
   * Never throws for what a visitor sent.
   *
   * @throws SessionStoreError (`ERR_SESSION_STORE`, `ERR_SESSION_STORE_TIMEOUT`)
   */
  read(value: string): Awaitable<HeldSession | Rejected<HomeRejection>>;
  /** Ends a session that has moved to another home. */
  remove?(held: HeldSession): Promise<void>;
}

/** The place that keeps sessions: the cookie itself, or a store on the server. */
export interface SessionHome<Held extends HeldSession = HeldSession> extends ReadableHome {
  /** Do its sessions have an id, which can be replaced by a new one? */
  readonly hasIds: boolean;
  /** @throws SessionSerializationError (`ERR_SESSION_SERIALIZATION`) */
  serialize(payload: Payload): string;
  /** The inverse of {@link serialize}. */
  parse(text: string): Payload;
  /**
   * Answers `"ended"` where another request has ended the session meanwhile: it stays ended.
   *
   * @throws SessionTooLargeError (`ERR_SESSION_TOO_LARGE`)
   * @throws SessionStoreError (`ERR_SESSION_STORE`, `ERR_SESSION_STORE_TIMEOUT`)
   */
  write(change: SessionChange<Held>): Awaitable<Written | "ended">;
  /** Keeps a new session, and gives the value of the one cookie that stands for it. */
  encode(payload: Payload, text: string, issuedAt: number): Awaitable<string>;
}

/** A key that is set to `undefined` is not there: JSON does not keep it. */
export function isEmpty({ data }: Payload): boolean {
  return Object.values(data).every((value) => value === undefined);
}
