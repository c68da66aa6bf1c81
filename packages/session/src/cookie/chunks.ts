import { cookieValues } from "./cookie-header.ts";

/*
 * A session that is too long for one cookie is split into `session.0`, `session.1`, …. The first chunk
 * begins with their number: `3~eyJ2aXNpdHMi…`. Neither the number nor the order is trusted: the chunks
 * are joined and verified as one value, so a missing, swapped, foreign or stale chunk gives a bad
 * signature.
 */

export const MAX_CHUNKS = 4;

/** A header can hold hundreds of cookies with one name, and refusing each costs one HMAC. */
const MAX_CANDIDATES = 8;

export interface FoundCookies {
  /** Every value that may be the session, in the order in which they are verified. */
  readonly values: readonly string[];
  /** Every cookie that belongs to the session. A save deletes those that it no longer uses. */
  readonly names: readonly string[];
}

export function findCookies(header: string, name: string): FoundCookies {
  const whole = cookieValues(header, name).filter(Boolean).slice(0, MAX_CANDIDATES);
  const values = [...whole];
  const names = whole.length > 0 ? [name] : [];
  if (header.includes(`${name}.`)) {
    const chunks = Array.from(
      { length: MAX_CHUNKS },
      (_, index) => cookieValues(header, `${name}.${index}`)[0],
    );
    for (const [index, chunk] of chunks.entries()) if (chunk) names.push(`${name}.${index}`);
    const joined = joinChunks(chunks);
    if (joined !== undefined) values.push(joined);
  }
  return { values, names };
}

function joinChunks([first, ...rest]: readonly (string | undefined)[]): string | undefined {
  // Chunks without their first one are the remains of a session. They must be refused and deleted.
  if (!first) return rest.join("") || undefined;
  const [, count, start] = /^([1-4])~(.*)$/.exec(first) ?? [];
  return count ? start + rest.slice(0, Number(count) - 1).join("") : first;
}
