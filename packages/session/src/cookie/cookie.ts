/** The attributes of a Set-Cookie header (RFC 6265bis), as Next's `cookies().set` names them. */
export interface CookieAttributes {
  readonly path: string;
  readonly domain?: string | undefined;
  readonly httpOnly: boolean;
  readonly secure: boolean;
  readonly sameSite: "lax" | "strict" | "none";
  readonly partitioned?: boolean | undefined;
  readonly priority?: "low" | "medium" | "high" | undefined;
}

export interface SetCookie extends CookieAttributes {
  readonly name: string;
  readonly value: string;
  /** Seconds. Absent: the cookie lasts until the browser closes. */
  readonly maxAge?: number | undefined;
  readonly expires?: Date | undefined;
}

/** A browser drops a larger cookie. Name, value and attributes count (RFC 6265, section 6.1). */
export const MAX_COOKIE_BYTES = 4096;

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

/**
 * Every value that a Cookie header has for one name, in the header's order. There can be several: a
 * browser sends one for each path and domain, and a sibling subdomain can put its own in front.
 *
 * A pair without `=` has no name, and names are compared without decoding or trimming Unicode space.
 * Otherwise `%73ession` would pass for `session` (CVE-2020-8184), and so would `\u00a0session`
 * (CVE-2026-39410) and the nameless `=session=x` (CVE-2023-23934).
 */
export function cookieValues(header: string, name: string): string[] {
  const values: string[] = [];
  for (const pair of header.split(";")) {
    const equals = pair.indexOf("=");
    if (equals < 0 || stripSpace(pair.slice(0, equals)) !== name) continue;
    values.push(unquoted(stripSpace(pair.slice(equals + 1))));
  }
  return values;
}

/** The header with one cookie set, or removed if its value is empty. */
export function withCookie(
  header: string,
  { name, value }: Pick<SetCookie, "name" | "value">,
): string {
  const others = header
    .split(";")
    .map(stripSpace)
    .filter((pair) => pair !== "" && stripSpace(pair.split("=", 1)[0] as string) !== name);
  return (value === "" ? others : [...others, `${name}=${value}`]).join("; ");
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

// RFC 6265bis, 5.6: only space and tab are white space here. `/[ \t]+$/` takes quadratic time: 16 KB
// of spaces, which any visitor can send, took 0.2 seconds.
function stripSpace(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isSpace(text.charCodeAt(start))) start++;
  while (end > start && isSpace(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

// RFC 6265, 4.1.1: a cookie-value may be quoted. Ours never is, but some proxies add quotes.
function unquoted(value: string): string {
  return value.length > 1 && value.startsWith('"') && value.endsWith('"')
    ? value.slice(1, -1)
    : value;
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
