import type { CookieAttributes } from "../cookie/cookie.ts";
import { type FormatSettings, peerOf } from "../formats/format.ts";
import { booleanOr, oneOf, refusal, refuseUnknown } from "./checks.ts";
import type { CookieOptions } from "./options.ts";

const KNOWN_ATTRIBUTES = [
  "path",
  "domain",
  "sameSite",
  "secure",
  "httpOnly",
  "partitioned",
  "priority",
];

export function checkedAttributes(
  given: CookieOptions,
  defaults: CookieAttributes,
): CookieAttributes {
  refuseUnknown(given, KNOWN_ATTRIBUTES, "cookie.");
  const attributes: CookieAttributes = {
    path: given.path ?? defaults.path,
    domain: given.domain,
    httpOnly: booleanOr(defaults.httpOnly, "cookie.httpOnly", given.httpOnly),
    secure: booleanOr(defaults.secure, "cookie.secure", given.secure),
    sameSite: oneOf(
      ["lax", "strict", "none"],
      "cookie.sameSite",
      given.sameSite ?? defaults.sameSite,
    ),
    partitioned: booleanOr(false, "cookie.partitioned", given.partitioned),
    priority:
      given.priority === undefined
        ? undefined
        : oneOf(["low", "medium", "high"], "cookie.priority", given.priority),
  };
  // RFC 6265, 4.1.1: a path is any character except controls and `;`.
  if (typeof attributes.path !== "string" || !/^\/[\x20-\x3a\x3c-\x7e]*$/.test(attributes.path)) {
    throw refusal("cookie.path", given.path, 'a path that begins with "/" and has no ";"');
  }
  if (attributes.domain !== undefined && !isDomain(attributes.domain)) {
    throw refusal("cookie.domain", given.domain, 'a host name such as "example.com"');
  }
  if (attributes.sameSite === "none" && !attributes.secure) {
    throw refusal(
      "cookie.sameSite",
      "none",
      "`secure: true` beside it, or browsers drop the cookie",
    );
  }
  if (attributes.partitioned && !attributes.secure) {
    throw refusal(
      "cookie.partitioned",
      true,
      "`secure: true` beside it, or browsers drop the cookie",
    );
  }
  return attributes;
}

/** The strictest name that browsers keep with these attributes (RFC 6265bis, 4.1.3). */
export function defaultCookieName(
  { secure, domain, path }: CookieAttributes,
  { format }: FormatSettings,
): string {
  // The other application looks for its own default.
  if (!secure || peerOf(format)) return "session";
  return domain === undefined && path === "/" ? "__Host-session" : "__Secure-session";
}

export function assertCookieName(name: unknown, { secure, domain, path }: CookieAttributes): void {
  // RFC 9110, 5.6.2: a cookie's name is a token.
  if (typeof name !== "string" || !/^[\w!#$%&'*.^`|~+-]+$/.test(name)) {
    throw refusal("name", name, "letters, digits and any of !#$%&'*.^_`|~+- without spaces");
  }
  if (/\.[0-3]$/.test(name)) {
    throw refusal("name", name, "any ending but .0 to .3, which chunks of a session have");
  }
  // RFC 6265bis, 4.1.3; browsers compare the prefixes without regard to case.
  const prefix = /^__(secure|host)-/i.exec(name)?.[1]?.toLowerCase();
  if (prefix && !secure) {
    throw refusal(
      "name",
      name,
      "`cookie: { secure: true }` with that prefix, or browsers drop the cookie",
    );
  }
  if (prefix === "host" && (domain !== undefined || path !== "/")) {
    throw refusal(
      "name",
      name,
      'no `cookie.domain` and the path "/" with the prefix __Host-, or browsers drop the cookie',
    );
  }
}

function isDomain(domain: unknown): boolean {
  const label = "[a-z0-9]([a-z0-9-]*[a-z0-9])?";
  return typeof domain === "string" && new RegExp(`^\\.?${label}(\\.${label})*$`, "i").test(domain);
}
