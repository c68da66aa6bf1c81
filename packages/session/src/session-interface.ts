import { findCookies, fitsOneCookie, MAX_CHUNKED_BYTES, splitCookie } from "./chunks.ts";
import {
  type Codec,
  type CodecRejection,
  type Decoded,
  MAX_INFLATED_BYTES,
  type Payload,
  type Rejected,
} from "./codec.ts";
import { MAX_COOKIE_BYTES, type SetCookie, serializeCookie } from "./cookie.ts";
import { SessionReadOnlyError, SessionTooLargeError } from "./errors.ts";
import { loadCodec, loadReader, type Reader } from "./formats.ts";
import type { CookieJar } from "./jar.ts";
import { isDueForRefresh, judgeAge, type RejectReason, remainingLifetime } from "./lifetime.ts";
import type { Settings } from "./options.ts";
import { assertFits, fitted } from "./schema.ts";
import { SessionObject, type Snapshot } from "./session.ts";

/** Of several formats' reasons the one that knows most of the value, from the least. */
const TELLING: readonly CodecRejection[] = ["unknown-format", "malformed", "bad-signature"];

/** What the browser holds, as far as this request has told and changed it. */
interface BrowserState {
  /** The session's cookie, or its chunks. */
  names: readonly string[];
  /** None of them could be believed. */
  refused: boolean;
  /** Unix time in seconds; of a new session, now. */
  issuedAt: number;
}

/**
 * Opens a session from a cookie jar and saves it there. Named after Flask's SessionInterface, whose
 * rules these are: which cookie is believed, and when one is sent.
 */
export class SessionInterface {
  readonly name: string;
  /** Equal for equal options, in whichever instance of this package they were read. */
  readonly fingerprint: string;
  readonly #settings: Settings;
  readonly #codec: Codec;
  readonly #readers: readonly Reader[];

  private constructor(settings: Settings, codec: Codec, accepted: readonly Reader[]) {
    this.name = settings.name;
    // Not of the schema's inside, which can be as large, as circular and as full of BigInt as it likes.
    this.fingerprint = JSON.stringify(settings, (key, value) =>
      key === "schema" ? value?.["~standard"].vendor : value,
    );
    this.#settings = settings;
    this.#codec = codec;
    this.#readers = [codec, ...accepted];
  }

  static async load(settings: Settings): Promise<SessionInterface> {
    const context = {
      name: settings.name,
      permanentLifetime: settings.lifetime.permanentLifetime,
      now: settings.now,
    };
    const [codec, accepted] = await Promise.all([
      loadCodec(settings.format, context),
      Promise.all(settings.accept.map((format) => loadReader(format, context))),
    ]);
    return new SessionInterface(settings, codec, accepted);
  }

  async open(jar: CookieJar): Promise<SessionObject> {
    const { values, names } = findCookies(jar.cookieHeader, this.name);
    let newest: Decoded | undefined;
    let refused: RejectReason | undefined;
    for (const value of values) {
      const opened = await this.read(value);
      if (!opened.ok) refused ??= opened.reason;
      // Not the first: which of two a browser sends first depends on their paths and their age.
      else if (!newest || opened.issuedAt > newest.issuedAt) newest = opened;
    }
    if (newest)
      return this.#session(jar, newest, { names, refused: false, issuedAt: newest.issuedAt });
    if (refused) this.#report(refused);
    const issuedAt = this.#settings.now();
    return this.#session(jar, undefined, { names, refused: refused !== undefined, issuedAt });
  }

  async read(value: string): Promise<Decoded | Rejected<RejectReason>> {
    let reason: CodecRejection = "unknown-format";
    for (const reader of this.#readers) {
      const decoded = await reader.decode(value);
      if (decoded.ok) return this.#judge(decoded, reader === this.#codec);
      if (TELLING.indexOf(decoded.reason) > TELLING.indexOf(reason)) reason = decoded.reason;
    }
    return { ok: false, reason };
  }

  /** One cookie's value: chunks have several, and are for a jar alone. */
  async encode(data: Record<string, unknown>, permanent: boolean): Promise<string> {
    const payload = { ...this.#begin(), data, permanent };
    const [cookie, ...more] = await this.#write(payload);
    if (cookie && more.length === 0) return cookie.value;
    throw this.#tooLarge(MAX_COOKIE_BYTES, payload);
  }

  async #write(payload: Payload, text = this.#codec.serialize(payload)): Promise<SetCookie[]> {
    const { attributes, chunk, now, schema } = this.#settings;
    if (schema) await assertFits(schema, payload.data);
    const issuedAt = now();
    const cookie = { name: this.name, ...attributes, ...this.#expiry(payload, issuedAt) };

    const plain = { ...cookie, value: await this.#codec.encode(text, issuedAt) };
    if (fitsOneCookie(plain)) return [plain];
    const deflated =
      text.length <= MAX_INFLATED_BYTES / 3
        ? { ...cookie, value: await this.#codec.encode(text, issuedAt, true) }
        : plain;
    if (fitsOneCookie(deflated)) return [deflated];
    const chunks = chunk ? splitCookie(deflated) : undefined;
    if (chunks) return chunks;
    throw this.#tooLarge(serializeCookie(deflated).length, payload);
  }

  /** Is it believed today, and as what: with the time it began, and of the schema's shape. */
  async #judge(decoded: Decoded, isOwn: boolean): Promise<Decoded | Rejected<RejectReason>> {
    const { now, lifetime, schema, migrate } = this.#settings;
    const { issuedAt } = decoded;
    let { payload } = decoded;
    const reason = judgeAge({ issuedAt, createdAt: payload.createdAt }, now(), lifetime);
    if (reason) return { ok: false, reason };

    const createdAt =
      lifetime.absoluteLifetime === undefined ? undefined : (payload.createdAt ?? issuedAt);
    if (createdAt !== payload.createdAt) payload = { ...payload, createdAt };
    if (schema) {
      const data = await fitted(schema, migrate, payload.data).catch((error) =>
        logFailure("schema or migrate", error),
      );
      if (!data) return { ok: false, reason: "schema" };
      if (data !== payload.data) payload = { ...payload, data };
    }
    if (isOwn && payload === decoded.payload) return decoded;
    // What was migrated was not changed by the user, and is alone no reason to send a cookie.
    return { ...decoded, payload, text: this.#textOf(payload) };
  }

  /** Nothing equals a payload that another format could keep and this one cannot: saving it says so. */
  #textOf(payload: Payload): string {
    try {
      return this.#codec.serialize(payload);
    } catch {
      return "";
    }
  }

  #begin(): Payload {
    const { now, lifetime } = this.#settings;
    const createdAt = lifetime.absoluteLifetime === undefined ? undefined : now();
    return { data: {}, permanent: false, createdAt };
  }

  #session(jar: CookieJar, opened: Decoded | undefined, browser: BrowserState): SessionObject {
    const { serialize, parse } = this.#codec;
    const begin = () => this.#begin();
    const payload = opened?.payload ?? begin();
    const keep = (session: Snapshot) => this.#keep(jar, session, browser);
    const keeper = { begin, serialize, parse, keep };
    return new SessionObject(keeper, payload, !opened, opened?.text ?? serialize(payload));
  }

  async #keep(jar: CookieJar, session: Snapshot, browser: BrowserState): Promise<void> {
    const { payload, text, modified } = session;
    const { now, lifetime } = this.#settings;
    const empty = Object.values(payload.data).every((value) => value === undefined);
    if (empty && browser.names.length === 0) return;
    const due = !empty && payload.permanent && isDueForRefresh(browser.issuedAt, now(), lifetime);
    if (!modified && !due && !browser.refused) return;

    const written = empty ? [] : await this.#write(payload, text);
    const names = written.map(({ name }) => name);
    const stale = browser.names.filter((name) => !names.includes(name));
    try {
      await jar.set([...stale.map((name) => this.#deletion(name)), ...written]);
    } catch (error) {
      // Nothing is lost where a refresh is put off, or a refused cookie left: a later request can.
      if (!modified && error instanceof SessionReadOnlyError) return;
      throw error;
    }
    browser.names = names;
    browser.refused = false;
    browser.issuedAt = now();
    this.#warnIfDropped(jar);
  }

  #expiry(
    { permanent, createdAt }: Payload,
    issuedAt: number,
  ): Pick<SetCookie, "maxAge" | "expires"> {
    if (!permanent) return {};
    const maxAge = remainingLifetime(createdAt, issuedAt, this.#settings.lifetime);
    return { maxAge, expires: new Date((issuedAt + maxAge) * 1000) };
  }

  /** With the attributes of the cookie itself, or the browser would take it for another one. */
  #deletion(name: string): SetCookie {
    return { name, value: "", ...this.#settings.attributes, maxAge: 0, expires: new Date(0) };
  }

  #tooLarge(bytes: number, { data, typeHints }: Payload): SessionTooLargeError {
    const { serialize } = this.#codec;
    const utf8 = new TextEncoder();
    const largest = Object.keys(data)
      .map((key) => {
        const text = serialize({ data: { [key]: data[key] }, permanent: false, typeHints });
        return { key, bytes: utf8.encode(text).length - "{}".length };
      })
      .sort((a, b) => b.bytes - a.bytes)
      .slice(0, 3)
      .map((entry) => `${entry.key} (${entry.bytes} bytes)`)
      .join(", ");
    const limit = this.#settings.chunk
      ? `even in chunks, as which it may have ${MAX_CHUNKED_BYTES}`
      : `in one cookie: a browser drops what is over ${MAX_COOKIE_BYTES}, name and attributes included`;
    const mend = this.#settings.chunk ? "" : ", or set `chunk: true` for up to four cookies";
    return new SessionTooLargeError(
      "ERR_SESSION_TOO_LARGE",
      `The session has ${bytes} bytes and does not fit ${limit}. Its largest keys: ${largest}. Keep large data on the server and its id in the session${mend}.`,
    );
  }

  #warnIfDropped({ origin }: CookieJar): void {
    if (!this.#settings.attributes.secure || origin?.protocol !== "http" || warned) return;
    if (LOCAL_HOST.test(origin.host)) return;
    warned = true;
    console.warn(
      `[next-signed-session] The cookie ${JSON.stringify(this.name)} is Secure and was set for http://${origin.host}: the browser will drop it. Serve the site over https (a proxy that ends TLS must send X-Forwarded-Proto), or set \`cookie: { secure: false }\` where there is none.`,
    );
  }

  #report(reason: RejectReason): void {
    try {
      Promise.resolve(this.#settings.onReject(reason)).catch((error) =>
        logFailure("onReject", error),
      );
    } catch (error) {
      logFailure("onReject", error);
    }
  }
}

/** Browsers take these for secure without TLS (Secure Contexts, 3.1). */
const LOCAL_HOST = /^(([^:]+\.)?localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/i;

let warned = false;

function logFailure(option: string, error: unknown): void {
  console.error(`[next-signed-session] ${option} failed:`, error);
}
