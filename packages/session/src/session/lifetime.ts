/** Why a cookie was refused. It reads as an empty session, and `onReject` hears one of these. */
export type RejectReason =
  /** Not laid out as a session cookie, or signed by us and yet not readable. */
  | "malformed"
  /** Changed on its way, or signed with a secret that is not (or no longer) listed. */
  | "bad-signature"
  /** Signed longer ago than `permanentLifetime`. */
  | "expired"
  /** Signed in the future, by more than clocks differ. */
  | "not-yet-valid"
  /** Of a session that began longer ago than `absoluteLifetime`. */
  | "too-old"
  /** Rightly signed, but the store holds no such session: logged out, expired, or renewed. */
  | "unknown-session"
  /** Of a format that is neither written nor listed in `accept`. */
  | "unknown-format"
  /** The data does not fit `schema`, not even after `migrate`. */
  | "schema";

/** How far another machine's clock may run ahead of this one's, in seconds. */
const CLOCK_SKEW = 60;

/** All in seconds. */
export interface Lifetime {
  readonly permanentLifetime: number;
  readonly refreshAfter: number;
  readonly absoluteLifetime: number | undefined;
}

/** Unix times in seconds. */
export interface Age {
  readonly issuedAt: number;
  readonly writtenAt?: number | undefined;
  readonly createdAt?: number | undefined;
}

export function judgeAge(
  { issuedAt, writtenAt = issuedAt, createdAt = writtenAt }: Age,
  now: number,
  { permanentLifetime, absoluteLifetime = Infinity }: Lifetime,
): "not-yet-valid" | "expired" | "too-old" | undefined {
  if (issuedAt > now + CLOCK_SKEW) return "not-yet-valid";
  if (now - Math.min(issuedAt, writtenAt) > permanentLifetime) return "expired";
  if (now - createdAt > absoluteLifetime) return "too-old";
  return undefined;
}

/** A throttle: Flask sends a permanent session's cookie with each and every response. */
export function isDueForRefresh(
  issuedAt: number,
  now: number,
  { refreshAfter }: Lifetime,
): boolean {
  return now - issuedAt >= refreshAfter;
}

/** How long a cookie issued now will be believed, in seconds. */
export function remainingLifetime(
  createdAt: number | undefined,
  now: number,
  { permanentLifetime, absoluteLifetime }: Lifetime,
): number {
  if (absoluteLifetime === undefined || createdAt === undefined) return permanentLifetime;
  return Math.min(permanentLifetime, Math.max(0, createdAt + absoluteLifetime - now));
}
