import { publish } from "#events";
import { findCookies } from "../cookie/chunks.ts";
import { logFailure } from "../errors/log.ts";
import type { Payload, Rejected } from "../formats/codec.ts";
import type { HeldSession, SessionHome } from "../homes/home.ts";
import { loadAcceptedHome, loadCookieHome, loadStoreHome } from "../homes/load-home.ts";
import { SessionCookie } from "../homes/session-cookie.ts";
import type { CookieJar } from "../jars/cookie-jar.ts";
import type { Settings } from "../options/settings.ts";
import { type Awaitable, allReady, whenReady } from "../runtime/awaitable.ts";
import type { FlashTiming } from "../session/flash.ts";
import type { RejectReason } from "../session/lifetime.ts";
import type { SchemaCheck } from "../session/schema.ts";
import { SessionObject } from "../session/session-object.ts";
import { adaptationTo } from "./adaptation.ts";
import { RequestSession, type SessionResources } from "./request-session.ts";
import type { Revocation } from "./revocation.ts";
import { areSame, fingerprintOf } from "./same-definition.ts";
import { type FoundSession, type RefusedSession, SessionReader } from "./session-reader.ts";

/** Opens the session of a request: decides which of its cookies counts. */
export class SessionManager {
  readonly name: string;
  readonly fingerprint: string;
  readonly home: SessionHome;
  readonly #settings: Settings;
  readonly #reader: SessionReader;
  readonly #revocation: Revocation | undefined;
  readonly #resources: SessionResources;

  private constructor(
    settings: Settings,
    home: SessionHome,
    reader: SessionReader,
    schemaCheck: SchemaCheck | undefined,
    revocation: Revocation | undefined,
    fingerprint: string,
  ) {
    this.name = settings.name;
    this.fingerprint = fingerprint;
    this.#settings = settings;
    this.home = home;
    this.#reader = reader;
    this.#revocation = revocation;
    this.#resources = {
      settings,
      home,
      cookie: new SessionCookie(settings),
      schemaCheck,
      begin: () => this.#begin(),
      report: (reason) => this.#report(reason),
    };
  }

  static async load(settings: Settings): Promise<SessionManager> {
    const schemaCheck = await loadSchemaCheck(settings);
    const adapt = adaptationTo(settings, schemaCheck);
    const context = { ...settings, adapt };
    const [home, ...accepted] = await Promise.all([
      settings.store
        ? loadStoreHome(settings.store, context)
        : loadCookieHome(settings.format, context),
      ...settings.accept.map((format) => loadAcceptedHome(format, context)),
    ]);
    // With a store, a cookie that holds data is only believed if `accept` names its format.
    // Most apps revoke no sessions, and do without its code.
    const revocation =
      settings.revocation &&
      new (await import("./revocation.ts")).Revocation(settings.revocation, settings.now);
    const reader = new SessionReader(settings, [home, ...accepted], adapt, revocation);
    const fingerprint = await fingerprintOf(settings);
    return new SessionManager(settings, home, reader, schemaCheck, revocation, fingerprint);
  }

  /** Do the two have the same options, so that they can share a request's session? */
  isSameAs(other: object & { readonly fingerprint?: string }): boolean {
    if (other === this) return true;
    // Only managers of this instance of the package have the private field.
    if (#settings in other) return areSame(this.#settings, other.#settings);
    return other.fingerprint === this.fingerprint;
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
    const { now } = this.#settings;
    const { schemaCheck } = this.#resources;
    const payload = { ...this.#begin(), data, permanent };
    const text = this.home.serialize(payload);
    const encode = () => this.home.encode(payload, text, now());
    return schemaCheck ? schemaCheck.assertFits(data).then(encode) : encode();
  }

  #opened(
    jar: CookieJar,
    flashTiming: FlashTiming | undefined,
    results: readonly (FoundSession | RefusedSession)[],
    names: readonly string[],
  ): SessionObject {
    let newest: FoundSession | undefined;
    let refused: RefusedSession | undefined;
    const reasons = new Set<RejectReason>();
    for (const found of results) {
      if (!found.ok) {
        refused ??= found;
        reasons.add(found.reason);
      }
      // The newest counts, since a browser orders two of one name by their paths and their age.
      else if (!newest || found.held.issuedAt > newest.held.issuedAt) newest = found;
    }
    for (const reason of reasons) this.#report(reason);

    const request = new RequestSession(this.#resources, {
      jar,
      flashTiming,
      names,
      held: newest?.home === this.home ? newest.held : undefined,
      issuedAt: newest?.held.issuedAt,
      former: newest?.former,
      moved: newest ? undefined : refused?.moved,
      login: this.#revocation?.open(newest?.held.payload),
    });
    const payload = newest?.held.payload ?? this.#begin();
    const text = newest?.held.text ?? this.home.serialize(payload);
    return new SessionObject(request, payload, !newest, text);
  }

  #begin(): Payload {
    const { now, keepsBeginning } = this.#settings;
    const createdAt = keepsBeginning ? now() : undefined;
    return { data: {}, permanent: false, createdAt };
  }

  #report(reason: RejectReason): void {
    publish("refused", this.name, undefined, reason);
    try {
      Promise.resolve(this.#settings.onReject(reason)).catch((error) =>
        logFailure("onReject", error),
      );
    } catch (error) {
      logFailure("onReject", error);
    }
  }
}

/** Most sessions have no schema, and do without its code. */
async function loadSchemaCheck({ schema, migrate }: Settings): Promise<SchemaCheck | undefined> {
  if (!schema) return undefined;
  const { checkOf } = await import("../session/schema.ts");
  return checkOf(schema, migrate);
}
