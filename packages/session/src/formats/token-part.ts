import { base64UrlToBytes, base64UrlToText, bytesToBase64Url, inflate } from "#primitives";
import type { Awaitable } from "../runtime/awaitable.ts";
import { MAX_INFLATED_BYTES } from "./codec.ts";

/*
 * A token's payload as itsdangerous' URLSafeSerializer writes it: the text in base64url, or a dot and
 * the deflated text in base64url.
 */

export function deflatedPart(deflated: Uint8Array): string {
  return `.${bytesToBase64Url(deflated)}`;
}

/** @throws if it cannot be decoded, or inflates to more than {@link MAX_INFLATED_BYTES}. */
export function textOfPart(part: string): Awaitable<string> {
  return part.startsWith(".")
    ? inflate(base64UrlToBytes(part.slice(1)), MAX_INFLATED_BYTES)
    : base64UrlToText(part);
}
