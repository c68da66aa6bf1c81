import { signedCodec } from "./codec.signed.ts";
import type { Codec, Decoded, Payload, Rejected } from "./codec.ts";
import { cookieValues, MAX_COOKIE_BYTES, type SetCookie, serializeCookie } from "./cookie.ts";
import { SessionReadOnlyError, SessionTooLargeError } from "./errors.ts";
import type { CookieJar } from "./jar.ts";
import { judgeAge, type RejectReason } from "./lifetime.ts";
import type { Settings } from "./options.ts";
import { SessionObject, type Snapshot } from "./session.ts";

/** Of one name, a header can hold hundreds; each costs a signature to refuse. */
const MAX_CANDIDATES = 8;

/** What the browser is known to hold. */
interface CookieState {
  /** Anything at all under the session's name. */
  present: boolean;
  /** Nothing but what was refused. */
  refused: boolean;
}

/**
 * Opens a session from a cookie jar and saves it there. Named after Flask's SessionInterface, whose
 * rules these are: which cookie is believed, and when one is sent.
 */
export class SessionInterface {
  readonly settings: Settings;
  readonly name: string;
  /** Equal for equal options, in whichever instance of this package they were read. */
  readonly fingerprint: string;
  readonly #codec: Codec;

  constructor(settings: Settings) {
    this.settings = settings;
    this.name = settings.name;
    this.fingerprint = JSON.stringify(settings);
    this.#codec = signedCodec(settings.name, settings.secrets);
  }

  async open(jar: CookieJar): Promise<SessionObject> {
    const values = cookieValues(jar.cookieHeader, this.settings.name).filter(Boolean);
    let refused: RejectReason | undefined;
    for (const value of values.slice(0, MAX_CANDIDATES)) {
      const read = await this.read(value);
      if (read.ok) {
        return this.#session(jar, read.payload, read.text, { present: true, refused: false });
      }
      refused ??= read.reason;
    }
    if (refused) this.#report(refused);
    return this.#session(jar, undefined, undefined, {
      present: values.length > 0,
      refused: refused !== undefined,
    });
  }

  async read(value: string): Promise<Decoded | Rejected<RejectReason>> {
    const decoded = await this.#codec.decode(value);
    if (!decoded.ok) return decoded;
    const { now, permanentLifetime } = this.settings;
    const reason = judgeAge(decoded.issuedAt, now(), permanentLifetime);
    return reason ? { ok: false, reason } : decoded;
  }

  async write(payload: Payload, text = this.#codec.serialize(payload)): Promise<SetCookie> {
    const { name, attributes, now, permanentLifetime } = this.settings;
    const issuedAt = now();
    const cookie: SetCookie = {
      name,
      value: await this.#codec.encode(text, issuedAt),
      ...attributes,
    };
    const sent = payload.permanent
      ? {
          ...cookie,
          maxAge: permanentLifetime,
          expires: new Date((issuedAt + permanentLifetime) * 1000),
        }
      : cookie;
    this.#checkSize(sent, payload);
    return sent;
  }

  #session(
    jar: CookieJar,
    read: Payload | undefined,
    readText: string | undefined,
    browser: CookieState,
  ): SessionObject {
    const codec = this.#codec;
    const begin = (): Payload => ({ data: {}, permanent: false });
    const payload = read ?? begin();
    const keeper = {
      begin,
      serialize: codec.serialize,
      parse: codec.parse,
      keep: (session: Snapshot) => this.#keep(jar, session, browser),
    };
    return new SessionObject(keeper, payload, !read, readText ?? codec.serialize(payload));
  }

  async #keep(jar: CookieJar, session: Snapshot, browser: CookieState): Promise<void> {
    const { payload, text, modified } = session;
    const empty = Object.values(payload.data).every((value) => value === undefined);
    const stale = browser.refused;
    if (!modified && !stale) return;
    if (empty && !browser.present) return;

    const cookie = empty ? this.#deletion() : await this.write(payload, text);
    try {
      await jar.set([cookie]);
    } catch (error) {
      // Nothing of the user's is lost by leaving a refused cookie where it is: a later request can.
      if (!modified && error instanceof SessionReadOnlyError) return;
      throw error;
    }
    browser.present = !empty;
    browser.refused = false;
  }

  #deletion(): SetCookie {
    const { name, attributes } = this.settings;
    return { name, value: "", ...attributes, maxAge: 0, expires: new Date(0) };
  }

  #checkSize(cookie: SetCookie, { data }: Payload): void {
    const bytes = serializeCookie(cookie).length;
    if (bytes <= MAX_COOKIE_BYTES) return;
    const sizes = Object.keys(data)
      .map((key) => {
        const text = this.#codec.serialize({ data: { [key]: data[key] }, permanent: false });
        return { key, bytes: new TextEncoder().encode(text).length - 2 };
      })
      .sort((a, b) => b.bytes - a.bytes)
      .slice(0, 3)
      .map((entry) => `${entry.key} (${entry.bytes} bytes)`);
    throw new SessionTooLargeError(
      "ERR_SESSION_TOO_LARGE",
      `The session's cookie would have ${bytes} bytes, and a browser drops what is over ${MAX_COOKIE_BYTES}. Largest: ${sizes.join(", ")}. Keep large data in your database, and its key in the session.`,
    );
  }

  #report(reason: RejectReason): void {
    const logged = (error: unknown) =>
      console.error("[next-signed-session] onReject failed:", error);
    try {
      Promise.resolve(this.settings.onReject(reason)).catch(logged);
    } catch (error) {
      logged(error);
    }
  }
}
