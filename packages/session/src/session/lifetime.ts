/** Why a cookie was refused. The session then reads as empty, and `onReject` gets the reason. */
export type RejectReason =
  /** It does not have the layout of a session cookie, or it verifies and cannot be read. */
  | "malformed"
  /** It was changed, or signed with a secret that is not listed (any more). */
  | "bad-signature"
  /** It was signed longer ago than `idleTimeout`. */
  | "expired"
  /** It was signed, or its session began, more than a minute in the future: the servers' clocks differ. */
  | "not-yet-valid"
  /** Its session began longer ago than `absoluteTimeout`. */
  | "too-old"
  /** Its session began before the time that `revocation.before` returned for its user. */
  | "revoked"
  /** It verifies, but the store has no such session: logged out, expired or regenerated. */
  | "unknown-session"
  /** Its format is neither `format` nor listed in `accept`. */
  | "unknown-format"
  /** The data does not fit `schema`, not even after `migrate`. */
  | "schema";

/** Seconds that another machine's clock may be ahead of this one's. */
const CLOCK_SKEW = 60;

/** Times in seconds. */
export interface Lifetime {
  readonly idleTimeout: number;
  readonly refreshAfter: number;
  /** Are sessions that end with the browser refreshed as well? */
  readonly refreshesAll: boolean;
  readonly absoluteTimeout: number | undefined;
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
  { idleTimeout, absoluteTimeout = Infinity }: Pick<Lifetime, "idleTimeout" | "absoluteTimeout">,
): "not-yet-valid" | "expired" | "too-old" | undefined {
  // Also true of NaN: no beginning that cannot be compared may outlast `absoluteTimeout`.
  if (!(Math.max(issuedAt, createdAt) <= now + CLOCK_SKEW)) return "not-yet-valid";
  if (now - Math.min(issuedAt, writtenAt) > idleTimeout) return "expired";
  if (now - createdAt > absoluteTimeout) return "too-old";
  return undefined;
}

/** Limits how often the cookie is sent. Flask sends that of a permanent session with every response. */
export function isDueForRefresh(
  issuedAt: number,
  now: number,
  { refreshAfter }: Lifetime,
): boolean {
  return now - issuedAt >= refreshAfter;
}

/**
 * The rule where a refresh has a price that other requests do not pay. They have as long again for it,
 * or half of what is left of the lifetime: the session never ends for want of a refresh.
 */
export function isOverdueForRefresh(issuedAt: number, now: number, lifetime: Lifetime): boolean {
  const { refreshAfter, idleTimeout } = lifetime;
  const patience = Math.min(refreshAfter, (idleTimeout - refreshAfter) / 2);
  return now - issuedAt >= refreshAfter + patience;
}

/** For how many seconds the server will accept a cookie issued now. */
export function remainingLifetime(
  createdAt: number | undefined,
  now: number,
  { idleTimeout, absoluteTimeout }: Lifetime,
): number {
  if (absoluteTimeout === undefined || createdAt === undefined) return idleTimeout;
  return Math.min(idleTimeout, Math.max(0, createdAt + absoluteTimeout - now));
}
