import { cookieValues, MAX_COOKIE_BYTES, type SetCookie, serializeCookie } from "./cookie.ts";

/*
 * A session that is too long for one cookie travels as `session.0`, `session.1`, …, where the first
 * begins with their number: `3~eyJ2aXNpdHMi…`. Neither number nor order is trusted: the parts are put
 * together and verified as one value, so that a missing, swapped, foreign or stale one is a value
 * with a bad signature.
 */

const MAX_CHUNKS = 4;

/**
 * Node refuses a request whose headers have more than 16 KB in all (status 431), and with it every
 * page of the site: a session must leave room for the other headers. Bytes.
 */
export const MAX_CHUNKED_BYTES = 12_288;

/** Of one name, a header can hold hundreds; each costs a signature to refuse. */
const MAX_CANDIDATES = 8;

export interface FoundCookies {
  /** Every value that may be the session, to be verified in this order. */
  readonly values: readonly string[];
  /** Every cookie that the session has had a part of; what it no longer uses is to be deleted. */
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
  // Without the first, the others are still a session that was: one to be refused and deleted.
  if (!first) return rest.join("") || undefined;
  const [, count, start] = /^([1-4])~(.*)$/.exec(first) ?? [];
  return count ? start + rest.slice(0, Number(count) - 1).join("") : first;
}

/** One cookie if it fits, else chunks; none where it is too long for these as well. */
export function splitCookie(cookie: SetCookie): SetCookie[] | undefined {
  const room =
    MAX_COOKIE_BYTES - serializeCookie({ ...cookie, name: `${cookie.name}.0`, value: "" }).length;
  const value = `n~${cookie.value}`;
  const count = Math.ceil(value.length / room);
  if (count > MAX_CHUNKS || value.length > MAX_CHUNKED_BYTES) return undefined;
  return Array.from({ length: count }, (_, index) => ({
    ...cookie,
    name: `${cookie.name}.${index}`,
    value: value.slice(index * room, (index + 1) * room).replace(/^n~/, `${count}~`),
  }));
}

export function fitsOneCookie(cookie: SetCookie): boolean {
  return serializeCookie(cookie).length <= MAX_COOKIE_BYTES;
}
