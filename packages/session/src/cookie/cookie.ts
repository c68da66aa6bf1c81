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

/** Every attribute of a Set-Cookie header takes 143 bytes, without the path and the domain. */
const ATTRIBUTES_BYTES = 160;

/** Is it certain without a look at each attribute? If not, `fitsOneCookie` measures it. */
export function surelyFits({ name, value, path, domain = "" }: SetCookie): boolean {
  const bytes = name.length + value.length + path.length + domain.length;
  return bytes + ATTRIBUTES_BYTES <= MAX_COOKIE_BYTES;
}
