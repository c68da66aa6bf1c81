import { MAX_CHUNKS } from "./chunks.ts";
import { MAX_COOKIE_BYTES, type SetCookie } from "./cookie.ts";
import { serializeCookie } from "./set-cookie.ts";

/**
 * Bytes. Node answers a request with more than 16 KB of headers by status 431, which would lock the
 * visitor out of the whole site. A session must leave room for the other headers.
 */
export const MAX_CHUNKED_BYTES = 12_288;

/** The cookie's chunks, or nothing where it is too long for these as well. */
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
