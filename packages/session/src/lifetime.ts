import type { CodecRejection } from "./codec.ts";

/** Why a cookie was refused. It reads as an empty session, and `onReject` hears one of these. */
export type RejectReason = CodecRejection | "expired" | "not-yet-valid";

/** How far another machine's clock may run ahead of this one's, in seconds. */
const CLOCK_SKEW = 60;

/** All in seconds; the times are Unix times. */
export function judgeAge(
  issuedAt: number,
  now: number,
  permanentLifetime: number,
): "expired" | "not-yet-valid" | undefined {
  if (issuedAt > now + CLOCK_SKEW) return "not-yet-valid";
  if (now - issuedAt > permanentLifetime) return "expired";
  return undefined;
}
