import type { SetCookie } from "./cookie.ts";

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
