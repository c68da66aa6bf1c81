import { base64UrlToBytes, base64UrlToText, bytesToBase64Url, inflate } from "#primitives";
import type { Awaitable } from "../runtime/awaitable.ts";
import { MAX_INFLATED_BYTES } from "./codec.ts";

/*
 * A token's payload as itsdangerous' URLSafeSerializer writes it: base64url of the text, or behind a
 * leading dot, of the text deflated.
 */

export function deflatedPart(deflated: Uint8Array): string {
  return `.${bytesToBase64Url(deflated)}`;
}

/** @throws for what cannot be read, and what inflates to more than {@link MAX_INFLATED_BYTES}. */
export function textOfPart(part: string): Awaitable<string> {
  return part.startsWith(".")
    ? inflate(base64UrlToBytes(part.slice(1)), MAX_INFLATED_BYTES)
    : base64UrlToText(part);
}
