import { findCookies } from "../cookie/chunks.ts";
import { logFailure } from "../errors/log.ts";
import type { Payload, Rejected } from "../formats/codec.ts";
import type { HeldSession, ReadableHome, SessionHome } from "../homes/home.ts";
import { loadAcceptedHome, loadCookieHome, loadStoreHome } from "../homes/load-home.ts";
import { SessionCookie } from "../homes/session-cookie.ts";
import type { CookieJar } from "../jars/cookie-jar.ts";
import type { Settings } from "../options/settings.ts";
import { type Awaitable, allReady, whenReady } from "../runtime/awaitable.ts";
import type { FlashTiming } from "../session/flash.ts";
import type { RejectReason } from "../session/lifetime.ts";
import { assertFits } from "../session/schema.ts";
import { SessionObject } from "../session/session-object.ts";
import { adaptationTo } from "./adaptation.ts";
import { RequestSession, type SessionResources } from "./request-session.ts";
import { type FoundSession, SessionReader } from "./session-reader.ts";

/** Opens the session of a request: decides which of its cookies counts. */
export class SessionManager {
  readonly name: string;
  /** Equal for equal options, in whichever instance of this package they were read. */
  readonly fingerprint: string;
  readonly #settings: Settings;
  readonly #home: SessionHome;
  readonly #reader: SessionReader;
  readonly #resources: SessionResources;

  private constructor(settings: Settings, home: SessionHome, reader: SessionReader) {
    this.name = settings.name;
    this.fingerprint = fingerprintOf(settings);
    this.#settings = settings;
    this.#home = home;
    this.#reader = reader;
    this.#resources = {
      settings,
      home,
      cookie: new SessionCookie(settings),
      begin: () => this.#begin(),
      report: (reason) => this.#report(reason),
    };
  }

  static async load(settings: Settings): Promise<SessionManager> {
    const adapt = adaptationTo(settings);
    const context = { ...settings, adapt };
    const [cookieHome, storeHome, ...accepted] = await Promise.all([
      loadCookieHome(settings.format, context),
      settings.store && loadStoreHome(settings.store, context),
      ...settings.accept.map((format) => loadAcceptedHome(format, context)),
    ]);
    const homes: [SessionHome, ...ReadableHome[]] = storeHome
      ? [storeHome, cookieHome, ...accepted]
      : [cookieHome, ...accepted];
    return new SessionManager(settings, homes[0], new SessionReader(settings, homes, adapt));
  }

  open(jar: CookieJar, flashTiming?: FlashTiming): Awaitable<SessionObject> {
    const { values, names } = findCookies(jar.cookieHeader, this.name);
    return whenReady(allReady(values.map((value) => this.#reader.read(value))), (results) =>
      this.#opened(jar, flashTiming, results, names),
    );
  }

  read(value: string): Awaitable<HeldSession | Rejected<RejectReason>> {
    return whenReady(this.#reader.read(value), (found) => (found.ok ? found.held : found));
  }

  /** The value of one cookie: a session in chunks has several, and is for a jar alone. */
  encode(data: Record<string, unknown>, permanent: boolean): Awaitable<string> {
    const { now, schema } = this.#settings;
    const payload = { ...this.#begin(), data, permanent };
    const text = this.#home.serialize(payload);
    const encode = () => this.#home.encode(payload, text, now());
    return schema ? assertFits(schema, data).then(encode) : encode();
  }

  #opened(
    jar: CookieJar,
    flashTiming: FlashTiming | undefined,
    results: readonly (FoundSession | Rejected<RejectReason>)[],
    names: readonly string[],
  ): SessionObject {
    let newest: FoundSession | undefined;
    let refused: RejectReason | undefined;
    for (const found of results) {
      if (!found.ok) refused ??= found.reason;
      // The newest counts, since a browser orders two of one name by their paths and their age.
      else if (!newest || found.held.issuedAt > newest.held.issuedAt) newest = found;
    }
    if (refused && !newest) this.#report(refused);

    const request = new RequestSession(this.#resources, {
      jar,
      flashTiming,
      names,
      held: newest?.held,
      formerHome: newest?.home === this.#home ? undefined : newest?.home,
    });
    const payload = newest?.held.payload ?? this.#begin();
    const text = newest?.held.text ?? this.#home.serialize(payload);
    return new SessionObject(request, payload, !newest, text);
  }

  #begin(): Payload {
    const { now, lifetime } = this.#settings;
    const createdAt = lifetime.absoluteLifetime === undefined ? undefined : now();
    return { data: {}, permanent: false, createdAt };
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

/** Excludes schema and store internals: they may be huge, circular or contain BigInts. */
function fingerprintOf(settings: Settings): string {
  // arktype's schemas have a toJSON, which a replacer comes too late for.
  const schema = settings.schema?.["~standard"].vendor;
  return JSON.stringify({ ...settings, schema }, (key, value) =>
    key === "backend" ? value.constructor?.name : value,
  );
}
