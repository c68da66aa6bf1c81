import { findCookies } from "../cookie/chunks.ts";
import type { SetCookie } from "../cookie/cookie.ts";
import { logFailure, SessionReadOnlyError, SessionTooLargeError } from "../errors/errors.ts";
import type { Codec, Decoded, Payload, Rejected, StoredRecord } from "../formats/codec.ts";
import {
  type CodecContext,
  loadCodec,
  loadReader,
  loadStored,
  type Reader,
  type StoredFormat,
} from "../formats/formats.ts";
import { SessionCookies } from "../homes/session-cookies.ts";
import type { StoredSession } from "../homes/stored-session.ts";
import type { CookieJar } from "../jars/cookie-jar.ts";
import type { Settings } from "../options/settings.ts";
import { type Awaitable, allReady, whenReady } from "../runtime/awaitable.ts";
import { isDueForRefresh, type RejectReason } from "../session/lifetime.ts";
import { assertFits } from "../session/schema.ts";
import {
  type Renewal,
  type SessionKeeper,
  SessionObject,
  type Snapshot,
} from "../session/session.ts";
import { type Opened, SessionReader } from "./session-reader.ts";

/** What the browser holds, as far as this request has told and changed it. */
interface BrowserState {
  /** The session's cookie, or its chunks. */
  names: readonly string[];
  /** None of them could be believed. */
  refused: boolean;
  /** Unix time in seconds; of a new session, now. */
  issuedAt: number;
  /** Of a store that is read but not written. */
  foreignRecord?: StoredRecord | undefined;
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
  readonly #cookies: SessionCookies;
  readonly #reader: SessionReader;
  readonly #stored: StoredFormat | undefined;

  private constructor(
    settings: Settings,
    readers: readonly [Codec, ...Reader[]],
    stored?: StoredFormat,
  ) {
    this.name = settings.name;
    // Not of a schema's or a store's inside, as large, as circular and as full of BigInt as it likes.
    // The schema is replaced beforehand: arktype's have a toJSON, which a replacer comes too late for.
    const schema = settings.schema?.["~standard"].vendor;
    this.fingerprint = JSON.stringify({ ...settings, schema }, (key, value) =>
      key === "backend" ? value.constructor?.name : value,
    );
    this.#settings = settings;
    this.#codec = readers[0];
    this.#reader = new SessionReader(settings, readers);
    this.#cookies = new SessionCookies(settings, readers[0]);
    this.#stored = stored;
  }

  static async load(settings: Settings): Promise<SessionInterface> {
    const context: CodecContext = settings;
    const [codec, accepted] = await Promise.all([
      loadCodec(settings.format, context),
      Promise.all(settings.accept.map((format) => loadReader(format, context))),
    ]);
    if (!settings.store) return new SessionInterface(settings, [codec, ...accepted]);
    const stored = await loadStored(settings.store, context);
    return new SessionInterface(settings, [stored.codec, codec, ...accepted], stored);
  }

  open(jar: CookieJar): Awaitable<SessionObject> {
    const { values, names } = findCookies(jar.cookieHeader, this.name);
    return whenReady(allReady(values.map((value) => this.read(value))), (read) =>
      this.#opened(jar, read, names),
    );
  }

  #opened(
    jar: CookieJar,
    read: readonly (Opened | Rejected<RejectReason>)[],
    names: readonly string[],
  ): SessionObject {
    let newest: Opened | undefined;
    let refused: RejectReason | undefined;
    for (const opened of read) {
      if (!opened.ok) refused ??= opened.reason;
      // Not the first: which of two a browser sends first depends on their paths and their age.
      else if (!newest || opened.issuedAt > newest.issuedAt) newest = opened;
    }
    if (newest) {
      const { foreignRecord, record, issuedAt } = newest;
      const issued = record?.cookieIssuedAt ?? issuedAt;
      return this.#session(jar, newest, { names, refused: false, issuedAt: issued, foreignRecord });
    }
    if (refused) this.#report(refused);
    const issuedAt = this.#settings.now();
    return this.#session(jar, undefined, { names, refused: isToBeDeleted(refused), issuedAt });
  }

  read(value: string): Awaitable<Opened | Rejected<RejectReason>> {
    return this.#reader.read(value);
  }

  /** One cookie's value: chunks have several, and are for a jar alone. */
  encode(data: Record<string, unknown>, permanent: boolean): Awaitable<string> {
    const payload = { ...this.#begin(), data, permanent };
    const text = this.#codec.serialize(payload);
    return whenReady(
      this.#write(payload, text, { chunk: false }),
      (cookies) => (cookies[0] as SetCookie).value,
    );
  }

  #write(payload: Payload, text: string, chunking?: { chunk: boolean }): Awaitable<SetCookie[]> {
    const { now, schema } = this.#settings;
    const write = () => this.#cookies.write(payload, text, now(), chunking);
    return schema ? assertFits(schema, payload.data).then(write) : write();
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
    const text = opened?.text ?? serialize(payload);
    const stored = this.#storedSession(opened?.record, text);
    const keeper: SessionKeeper = {
      begin,
      serialize,
      parse,
      keep: (session) => this.#keep(jar, session, browser, stored),
      rendersPage: () => jar.rendersPage,
      isWithinAction: () => jar.isWithinAction,
      sessionId: () => stored?.id,
      isRenewable: () => stored !== undefined && browser.names.length > 0,
    };
    return new SessionObject(keeper, payload, !opened, text);
  }

  #storedSession(record: StoredRecord | undefined, base: string): StoredSession | undefined {
    if (!this.#stored) return undefined;
    const migrate = async (stored: Payload) =>
      (await this.#reader.adapted(stored, this.#settings.now())) ?? stored;
    return this.#stored.session({ record, base, migrate });
  }

  async #keep(
    jar: CookieJar,
    session: Snapshot,
    browser: BrowserState,
    stored: StoredSession | undefined,
  ): Promise<void> {
    const { payload, text, modified, renewal } = session;
    const { now, lifetime } = this.#settings;
    const empty = Object.values(payload.data).every((value) => value === undefined);
    if (empty && browser.names.length === 0) return;
    const due = !empty && payload.permanent && isDueForRefresh(browser.issuedAt, now(), lifetime);
    if (!modified && !due && !browser.refused) return;

    try {
      const cookies = stored
        ? await this.#writeToStore(jar, session, stored)
        : empty
          ? []
          : await this.#write(payload, text);
      if (cookies) await this.#send(jar, cookies, browser, renewal);
    } catch (error) {
      // Nothing is lost where a refresh is put off, or a refused cookie left: a later request can.
      // A session from when chunks were allowed may no longer fit; it lasts unrefreshed to its end.
      const isToBePutOff =
        error instanceof SessionReadOnlyError || error instanceof SessionTooLargeError;
      if (!modified && isToBePutOff) return;
      throw error;
    }
  }

  async #send(
    jar: CookieJar,
    cookies: readonly SetCookie[],
    browser: BrowserState,
    renewal: Renewal | undefined,
  ): Promise<void> {
    const names = cookies.map(({ name }) => name);
    const stale = browser.names.filter((name) => !names.includes(name));
    await jar.set([...stale.map((name) => this.#cookies.deletion(name)), ...cookies]);
    if (names.length === 0 || renewal) await browser.foreignRecord?.remove();
    browser.names = names;
    browser.refused = false;
    browser.issuedAt = this.#settings.now();
    this.#warnIfDropped(jar);
  }

  /** The cookie to be sent; none where the session has ended elsewhere, and nothing was written. */
  async #writeToStore(
    jar: CookieJar,
    { payload, text, renewal }: Snapshot,
    stored: StoredSession,
  ): Promise<SetCookie[] | undefined> {
    const { now, schema } = this.#settings;
    if (schema) await assertFits(schema, payload.data);
    // Asked before the store is written to, which cannot be undone where no cookie can be sent.
    await jar.set([]);
    const issuedAt = now();
    const saved = await stored.save(text, renewal, issuedAt);
    if (saved.outcome === "emptied") return [];
    if (saved.outcome === "ended") {
      // No cookie is sent, not even a deletion: the browser's may be of a login that came between.
      this.#report("unknown-session");
      return undefined;
    }
    return [this.#cookies.cookie(saved.cookieValue, this.#codec.parse(saved.text), issuedAt)];
  }

  #warnIfDropped(jar: CookieJar): void {
    if (warned || !this.#settings.attributes.secure) return;
    const { origin } = jar;
    if (origin?.protocol !== "http" || LOCAL_HOST.test(origin.host)) return;
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

/**
 * Not a cookie whose session the store does not hold: requests that were under way while another one
 * logged in would delete the cookie that it has just set.
 */
function isToBeDeleted(refused: RejectReason | undefined): boolean {
  return refused !== undefined && refused !== "unknown-session";
}

/** Browsers take these for secure without TLS (Secure Contexts, 3.1). */
const LOCAL_HOST = /^(([^:]+\.)?localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/i;

let warned = false;
