import { SessionSerializationError } from "../../errors/errors.ts";
import { canonicalUuid } from "./tags.ts";
import { PLAIN_TUPLE, rememberHints } from "./type-hints.ts";

/**
 * A string that Flask reads as a `uuid.UUID`, for `format: "flask"`. It reads back as a plain
 * string in the usual form with hyphens, and stays a UUID for Flask as long as it is not changed.
 *
 * @throws SessionSerializationError `ERR_SESSION_SERIALIZATION` for anything but 32 hexadecimal
 * digits, with or without hyphens.
 *
 * @example
 * session.basketId = new FlaskUuid(crypto.randomUUID());
 */
export class FlaskUuid {
  /** In lower case, with hyphens. */
  readonly text: string;

  constructor(text: string) {
    const canonical = typeof text === "string" ? canonicalUuid(text) : undefined;
    if (!canonical) {
      // The message does not quote the text, which may be a secret that was given by mistake.
      const given = typeof text === "string" ? `a text of ${text.length} characters` : typeof text;
      throw new SessionSerializationError(
        "ERR_SESSION_SERIALIZATION",
        `new FlaskUuid() was given ${given}, which is no UUID. Give 32 hexadecimal digits, with or without hyphens.`,
      );
    }
    this.text = canonical;
  }

  toString(): string {
    return this.text;
  }

  toJSON(): string {
    return this.text;
  }
}

/**
 * HTML that Flask reads as `markupsafe.Markup`, which Jinja renders without escaping it: never
 * make one from what a visitor sent. For `format: "flask"`. It reads back as a plain string, and
 * stays Markup for Flask as long as it is not changed; a changed one is escaped.
 *
 * @example
 * session.banner = new FlaskMarkup("<b>Welcome</b>");
 */
export class FlaskMarkup {
  readonly html: string;

  constructor(html: string) {
    this.html = html;
  }

  toString(): string {
    return this.html;
  }

  toJSON(): string {
    return this.html;
  }
}

/**
 * An array that Flask reads as a tuple, for `format: "flask"`. It is a plain array, and so is
 * a tuple that Flask wrote; both stay tuples for Flask, also when their items change.
 *
 * @example
 * session.position = flaskTuple(52.52, 13.405);
 */
export function flaskTuple<Items extends unknown[]>(...items: Items): Items {
  rememberHints(items, PLAIN_TUPLE);
  return items;
}
