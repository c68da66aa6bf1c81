/** A page of this site to go to. A link to the login must not be able to lead to another site. */
export function ownPath(wanted: string) {
  const here = "http://here.invalid";
  if (!URL.canParse(wanted, here)) return "/";
  // As a browser reads it: also "/\example.com" and "/.//example.com" are another site.
  const { origin, pathname, search } = new URL(wanted, here);
  return origin === here && !pathname.startsWith("//") ? pathname + search : "/";
}
