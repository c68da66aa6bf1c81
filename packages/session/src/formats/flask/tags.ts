/*
 * The tags of flask.json.tag.TaggedJSONSerializer, as in Flask 1.0 and later. Each is the only key of
 * an object:
 *
 *   {" d":"Thu, 01 Jan 1970 00:00:00 GMT"}     datetime, whole seconds
 *   {" b":"3q2+7w=="}                          bytes, base64
 *   {" t":[1,2]}                               tuple
 *   {" u":"12345678123456781234567812345678"}  UUID
 *   {" m":"<b>Hello</b>"}                      Markup
 *   {" di":{" t__":1}}                         a one-key dict whose key is one of these tags
 */

const TAGS = [" di", " t", " b", " m", " u", " d"] as const;
export type Tag = (typeof TAGS)[number];

function isTag(key: string): key is Tag {
  return (TAGS as readonly string[]).includes(key);
}

/** The one key of an object, if it is a tag. */
export function tagOf(keys: readonly string[]): Tag | undefined {
  const [first = ""] = keys;
  return keys.length === 1 && isTag(first) ? first : undefined;
}

/** In lower case, with hyphens; nothing for what is no UUID. */
export function canonicalUuid(text: string): string | undefined {
  const uuid = /^([\da-f]{8})-?([\da-f]{4})-?([\da-f]{4})-?([\da-f]{4})-?([\da-f]{12})$/i;
  return uuid.exec(text)?.slice(1).join("-").toLowerCase();
}

/** @throws SyntaxError for what Flask's own parser refuses. */
export function parseHttpDate(text: string): Date {
  const fields = /^\w{3}, (\d\d \w{3}) (\d{4}) (\d\d:\d\d:\d\d GMT)$/.exec(text);
  if (!fields) throw new SyntaxError("not an http date");
  const [, day, digits, time] = fields as unknown as [string, string, string, string];
  const year = Number(digits);
  // As Flask's own parser has it: what is written for `datetime.min` comes back as 2001.
  const century = year < 100 ? (year > 68 ? 1900 : 2000) : 0;
  const canonical = `${day} ${String(century + year).padStart(4, "0")} ${time}`;
  const date = new Date(canonical);
  // An engine may take the 31st of February for the 3rd of March; Flask does not.
  if (date.toUTCString().slice("Thu, ".length) !== canonical) throw new SyntaxError("no such date");
  return date;
}

export function toBase64(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** @throws for what is no base64. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
