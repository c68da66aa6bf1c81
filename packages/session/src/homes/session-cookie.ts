import type { CookieAttributes, SetCookie } from "../cookie/cookie.ts";
import type { Payload } from "../formats/codec.ts";
import { type Lifetime, remainingLifetime } from "../session/lifetime.ts";

export interface SessionCookieOptions {
  readonly name: string;
  readonly attributes: CookieAttributes;
  readonly lifetime: Lifetime;
}

/** A session's Set-Cookie: its name, its attributes and its lifetime. */
export class SessionCookie {
  readonly #options: SessionCookieOptions;

  constructor(options: SessionCookieOptions) {
    this.#options = options;
  }

  withValue(value: string, { permanent, createdAt }: Payload, issuedAt: number): SetCookie {
    const { name, attributes, lifetime } = this.#options;
    // Each attribute by name, because a spread takes a third of the time of a signature.
    const { path, domain, httpOnly, secure, sameSite, partitioned, priority } = attributes;
    const cookie = { name, value, path, domain, httpOnly, secure, sameSite, partitioned, priority };
    if (!permanent) return cookie;
    const maxAge = remainingLifetime(createdAt, issuedAt, lifetime);
    return { ...cookie, maxAge, expires: new Date((issuedAt + maxAge) * 1000) };
  }

  /** The attributes are the cookie's own, or the browser would not recognize the cookie. */
  deletion(name: string): SetCookie {
    return { name, value: "", ...this.#options.attributes, maxAge: 0, expires: new Date(0) };
  }
}
