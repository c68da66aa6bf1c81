import type { Awaitable } from "../runtime/awaitable.ts";

/** What a session holds, apart from when it was issued. */
export interface Payload {
  readonly data: Record<string, unknown>;
  readonly permanent: boolean;
  /** Unix time in seconds at which the session began; kept only where `absoluteLifetime` is set. */
  readonly createdAt?: number | undefined;
  /** What a codec must be given back to keep types that `data` does not show; opaque to all others. */
  readonly typeHints?: object | undefined;
}

/** Why a cookie was refused before its age was looked at. */
export type CodecRejection = "malformed" | "bad-signature" | "unknown-format" | "unknown-session";

/** Where a store keeps the payload that a cookie stands for. */
export interface StoredRecord {
  /** What the cookie holds, and nobody else may learn. */
  readonly id: string;
  /** What the store knows it by, and everybody may learn. */
  readonly key: string;
  /** As the store held it when it was last seen. */
  content: string;
  /** Unix time in seconds at which the cookie was signed; the record may be younger. */
  readonly cookieIssuedAt: number;
  /** @throws SessionStoreError */
  remove(): Promise<void>;
}

export interface Decoded {
  readonly ok: true;
  readonly payload: Payload;
  /** The payload as this codec serializes it: equal texts are equal sessions. */
  readonly text: string;
  /** Unix time in seconds, as signed. */
  readonly issuedAt: number;
  /** Which secret verified it: 0 is the one that signs, anything above is on its way out. */
  readonly secretIndex: number;
  readonly record?: StoredRecord | undefined;
}

export interface Rejected<Reason extends string = CodecRejection> {
  readonly ok: false;
  readonly reason: Reason;
}

/**
 * One of the two ports: turns a payload into a cookie's value and back. A codec knows cryptography
 * and the layout of its format; it knows no clock, no lifetime and no request.
 */
export interface Codec {
  /** @throws SessionSerializationError for what the format cannot keep exactly. */
  serialize(payload: Payload): string;
  /** The inverse of {@link serialize}. @throws for a text that it cannot have written. */
  parse(text: string): Payload;
  /** Never throws for what a visitor sent. @throws SessionStoreError where a store is asked, and fails */
  decode(value: string): Awaitable<Decoded | Rejected>;
  /**
   * `text` is what {@link serialize} gave; `issuedAt` is Unix time in seconds. `deflated`: as short
   * as can be, which costs more than all the rest and is asked for only where the value is too long.
   */
  encode(text: string, issuedAt: number, deflated?: boolean): Awaitable<string>;
}

/** What a deflated cookie may inflate to, in bytes. More is a bomb when read, and not written either. */
export const MAX_INFLATED_BYTES = 1 << 18;
