import { MAX_COOKIE_BYTES, type SetCookie } from "./cookie.ts";

/** Nothing is escaped: the options' checks and the codecs allow no `;` in any of these. */
export function serializeCookie(cookie: SetCookie): string {
  let header = `${cookie.name}=${cookie.value}; Path=${cookie.path}`;
  if (cookie.domain) header += `; Domain=${cookie.domain}`;
  if (cookie.expires) header += `; Expires=${cookie.expires.toUTCString()}`;
  if (cookie.maxAge !== undefined) header += `; Max-Age=${cookie.maxAge}`;
  if (cookie.secure) header += "; Secure";
  if (cookie.httpOnly) header += "; HttpOnly";
  header += `; SameSite=${capitalized(cookie.sameSite)}`;
  if (cookie.partitioned) header += "; Partitioned";
  if (cookie.priority) header += `; Priority=${capitalized(cookie.priority)}`;
  return header;
}

export function fitsOneCookie(cookie: SetCookie): boolean {
  return serializeCookie(cookie).length <= MAX_COOKIE_BYTES;
}

/** A response's Set-Cookie headers with these cookies, which replace others of the same name. */
export function withSetCookies(
  headers: readonly string[],
  cookies: readonly SetCookie[],
): string[] {
  const others = headers.filter(
    (header) => !cookies.some(({ name }) => header.startsWith(`${name}=`)),
  );
  return [...others, ...cookies.map(serializeCookie)];
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
