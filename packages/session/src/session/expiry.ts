import { type Age, type Lifetime, remainingLifetime } from "./lifetime.ts";

/** The last second, in Unix time, at which the server accepts a session: as the cookie's Expires. */
export function expiryOf(
  { issuedAt, writtenAt = issuedAt, createdAt }: Age,
  lifetime: Lifetime,
): number {
  const start = Math.min(issuedAt, writtenAt);
  return start + remainingLifetime(createdAt, start, lifetime);
}
