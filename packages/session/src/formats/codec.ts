import type { Awaitable } from "../runtime/awaitable.ts";

/** What a session holds, apart from when it was issued. */
export interface Payload {
  readonly data: Record<string, unknown>;
  readonly permanent: boolean;
  /** Unix time in seconds at which the session began; kept only where `absoluteLifetime` is set. */
  readonly createdAt?: number | undefined;
  /** What a codec needs back to keep types that `data` does not show. Opaque to everything else. */
  readonly typeHints?: object | undefined;
}

/** Why a codec refused a value. */
export type CodecRejection = "malformed" | "bad-signature" | "unknown-format";

export interface Decoded {
  readonly ok: true;
  readonly payload: Payload;
  /** The payload as this codec serializes it: equal texts are equal sessions. */
  readonly text: string;
  /** Unix time in seconds, as signed. */
  readonly issuedAt: number;
  /** The index of the secret that verified it. The first one signs, the others are fallbacks. */
  readonly secretIndex: number;
}

export interface Rejected<Reason extends string = CodecRejection> {
  readonly ok: false;
  readonly reason: Reason;
}

export interface EncodeOptions {
  /** Makes the value as short as possible. That takes longer than everything else together. */
  readonly deflate: boolean;
}

/**
 * Turns a payload and its issue time into text, and back. A codec is pure: it knows cryptography and
 * the layout of its format, and knows nothing of stores, clocks or requests.
 */
export interface Codec {
  /** @throws SessionSerializationError for what the format cannot keep exactly. */
  serialize(payload: Payload): string;
  /** The inverse of {@link serialize}. @throws SyntaxError for a text that it cannot have written. */
  parse(text: string): Payload;
  /** Never throws for what a visitor sent. */
  decode(value: string): Awaitable<Decoded | Rejected>;
  /**
   * @param text What {@link serialize} returned.
   * @param issuedAt Unix time in seconds.
   */
  encode(text: string, issuedAt: number, options?: EncodeOptions): Awaitable<string>;
}

/** What a deflated cookie may inflate to, in bytes. More is not read, and so not written either. */
export const MAX_INFLATED_BYTES = 1 << 18;
