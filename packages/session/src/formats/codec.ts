import type { Awaitable } from "../runtime/awaitable.ts";

/** The content of a session, without its issue time. */
export interface Payload {
  readonly data: Record<string, unknown>;
  readonly permanent: boolean;
  /** Unix time in seconds at which the session began. Present only if an option needs it. */
  readonly createdAt?: number | undefined;
  /** A codec's own note of types that `data` does not show. Nothing else looks into it. */
  readonly typeHints?: object | undefined;
}

/** Why a codec refused a value. */
export type CodecRejection = "malformed" | "bad-signature" | "unknown-format";

export interface Decoded {
  readonly ok: true;
  readonly payload: Payload;
  /** The payload as this codec serializes it. Equal sessions have equal texts. */
  readonly text: string;
  /** Unix time in seconds. The signature covers it. */
  readonly issuedAt: number;
  /** The index of the secret that verified it. Index 0 signs, the others are fallbacks. */
  readonly secretIndex: number;
}

export interface Rejected<Reason extends string = CodecRejection> {
  readonly ok: false;
  readonly reason: Reason;
}

export interface EncodeOptions {
  /** Deflates the payload, which takes longer than everything else together. */
  readonly deflate: boolean;
}

/**
 * Turns a payload and its issue time into text, and back. A codec is pure: it knows cryptography and
 * the layout of its format, and knows nothing of stores, clocks or requests.
 */
export interface Codec {
  /** @throws SessionSerializationError if the format cannot keep a value exactly. */
  serialize(payload: Payload): string;
  /** The inverse of {@link serialize}. @throws SyntaxError if it cannot have written this text. */
  parse(text: string): Payload;
  /** Never throws, whatever the visitor sent. */
  decode(value: string): Awaitable<Decoded | Rejected>;
  /**
   * @param text The result of {@link serialize}.
   * @param issuedAt Unix time in seconds.
   */
  encode(text: string, issuedAt: number, options?: EncodeOptions): Awaitable<string>;
}

/** Bytes that a deflated cookie may inflate to. A cookie that would exceed it is not written either. */
export const MAX_INFLATED_BYTES = 1 << 18;
