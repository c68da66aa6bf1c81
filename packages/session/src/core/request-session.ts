import { publish } from "#events";
import { SessionReadOnlyError, SessionStoreError, SessionTooLargeError } from "../errors/errors.ts";
import type { Payload } from "../formats/codec.ts";
import {
  type HeldSession,
  isEmpty,
  type SessionChange,
  type SessionHome,
  type Written,
} from "../homes/home.ts";
import type { SessionCookie } from "../homes/session-cookie.ts";
import type { CookieJar } from "../jars/cookie-jar.ts";
import type { Settings } from "../options/settings.ts";
import { loadOnce } from "../runtime/awaitable.ts";
import type {
  JudgedAge,
  Renew,
  Renewal,
  Renewed,
  SessionBinding,
  Snapshot,
} from "../session/binding.ts";
import type { FlashTiming } from "../session/flash.ts";
import { isDueForRefresh, isOverdueForRefresh, type RejectReason } from "../session/lifetime.ts";
import type { SchemaCheck } from "../session/schema.ts";
import type { RequestLogin } from "./revocation.ts";
import type { FoundSession, MovedSession } from "./session-reader.ts";

const loadInsecureOrigin = loadOnce(() => import("./insecure-origin.ts"));

/** What a session's manager has for all requests. */
export interface SessionResources {
  readonly settings: Settings;
  readonly home: SessionHome;
  readonly cookie: SessionCookie;
  readonly schemaCheck: SchemaCheck | undefined;
  begin(): Payload;
  report(reason: RejectReason): void;
}

/** What one request brought. */
export interface RequestState {
  readonly jar: CookieJar;
  readonly flashTiming: FlashTiming | undefined;
  /** The session's cookie, or its chunks, in the browser. */
  readonly names: readonly string[];
  readonly held: HeldSession | undefined;
  /** Unix time in seconds at which the session's cookie was signed. */
  readonly issuedAt: number | undefined;
  /** The session as it was found in another home than its own. */
  readonly former: FoundSession["former"];
  readonly moved: MovedSession | undefined;
  /** Whose session it is, if sessions can be revoked. */
  readonly login: RequestLogin | undefined;
}

/** One request's session, and the rules for when a cookie is sent: Flask's `save_session`. */
export class RequestSession implements SessionBinding {
  readonly flashTiming: FlashTiming | undefined;
  readonly begin: () => Payload;
  readonly serialize: SessionHome["serialize"];
  readonly parse: SessionHome["parse"];
  readonly #resources: SessionResources;
  readonly #jar: CookieJar;
  #names: readonly string[];
  /** Unix time in seconds; of a new session, now. */
  #issuedAt: number;
  #held: HeldSession | undefined;
  #former: FoundSession["former"];
  #moved: MovedSession | undefined;
  readonly #login: RequestLogin | undefined;

  constructor(resources: SessionResources, state: RequestState) {
    const { home, settings } = resources;
    const { held } = state;
    this.flashTiming = state.flashTiming;
    this.begin = resources.begin;
    this.serialize = home.serialize;
    this.parse = home.parse;
    this.#resources = resources;
    this.#jar = state.jar;
    this.#names = state.names;
    this.#issuedAt = state.issuedAt ?? settings.now();
    this.#held = held && (home.hand?.(held) ?? held);
    this.#former = state.former;
    this.#moved = state.moved;
    this.#login = state.login;
  }

  get sessionId(): string | undefined {
    return this.#held?.sessionId;
  }

  get age(): JudgedAge {
    const { now, lifetime } = this.#resources.settings;
    return { issuedAt: this.#issuedAt, writtenAt: this.#held?.writtenAt, now: now(), lifetime };
  }

  canRenew(renewal: Renewal): boolean {
    // clear() deletes a refused cookie as well: another machine may still believe it.
    const canRegenerate = this.#resources.home.hasIds || this.#login?.isSomebodys;
    return this.#names.length > 0 && (renewal === "clear" || canRegenerate === true);
  }

  newBeginning(payload: Payload, renewal: Renewal | undefined): number | undefined {
    return this.#login?.newBeginning(payload, renewal);
  }

  async once(key: string, renew: Renew): Promise<Renewed | undefined> {
    const { renewOnce } = await import("./renewal.ts");
    const { home } = this.#resources;
    const renewed = await renewOnce(this.#resources, this.#held, key, renew);
    if (renewed?.isStored && this.#held) {
      this.#held = home.withRead?.(this.#held, key, renewed.value);
    }
    return renewed;
  }

  async save({ payload, text, modified, renewal }: Snapshot): Promise<void> {
    const { settings, home, schemaCheck, report } = this.#resources;
    const { now } = settings;
    const empty = isEmpty(payload);
    if (empty && this.#names.length === 0) return;
    // Without a session there is no id to replace. A deletion would delete the cookie of a later login.
    if (empty && renewal === "regenerate" && !this.#held) return;
    if (!modified && (empty || !this.#isDue(payload))) return;

    try {
      await schemaCheck?.assertFits(payload.data);
      if (settings.trustedOrigins) {
        const { assertTrusted } = await import("./cross-origin.ts");
        assertTrusted(this.#jar, settings.trustedOrigins);
      }
      if (await this.#login?.mayNotRenew(renewal)) return report("revoked");
      // Before a store is written to, which cannot be undone where no cookie can be sent.
      if (home.hasIds) await this.#jar.assertWritable();
      const change = { held: this.#held, payload, text, renewal, issuedAt: now() };
      const written = await this.#write(change);
      if (written === "ended") report("unknown-session");
      else if (written.cookies) {
        const before = this.#held ?? this.#former?.held;
        await this.#send(written.cookies, written.held);
        this.#publish(before, modified, renewal);
      } else this.#held = written.held;
    } catch (error) {
      // A refresh can wait: a later request sends what this one cannot.
      // A session from when chunks were allowed may no longer fit; it lasts unrefreshed to its end.
      const canWait =
        error instanceof SessionReadOnlyError || error instanceof SessionTooLargeError;
      if (!modified && canWait) return;
      throw error;
    }
  }

  #publish(before: HeldSession | undefined, modified: boolean, renewal: Renewal | undefined): void {
    const { name } = this.#resources.settings;
    const now = this.#held;
    const isEnded = before !== undefined && (!now || renewal === "clear");
    if (isEnded) publish("ended", name, before.sessionId);
    if (!now) return;
    if (!before || isEnded) publish("created", name, now.sessionId);
    else if (renewal === "regenerate") publish("renewed", name, now.sessionId);
    else if (!modified) publish("refreshed", name, now.sessionId);
  }

  #isDue({ permanent }: Payload): boolean {
    const { now, lifetime } = this.#resources.settings;
    if (!permanent && !lifetime.refreshesAll) return false;
    const rule = this.#jar.dropsPrefetchedPages ? isOverdueForRefresh : isDueForRefresh;
    return rule(this.#issuedAt, now(), lifetime);
  }

  async #write(change: SessionChange): Promise<Written | "ended"> {
    const { home, cookie } = this.#resources;
    const moved = this.#moved;
    // Neither a cookie nor a deletion is sent: the browser may hold the cookie of a later login.
    if (moved && !change.renewal) return "ended";
    if (change.renewal !== "clear") return home.write(change);
    try {
      const written = await home.write(change);
      // A logout with the old id ends the session under its new id too. If it begins a new session, requests
      // that arrive with the old id still send no cookie, which would replace the new one.
      const isReplaced = written !== "ended" && written.held !== undefined;
      await moved?.home.end?.(moved.sessionId, isReplaced);
      return written;
    } catch (error) {
      // The session lives on in the store, but this browser has logged out.
      if (error instanceof SessionStoreError) {
        await this.#jar.set(this.#names.map((name) => cookie.deletion(name)));
      }
      throw error;
    }
  }

  async #send(
    cookies: NonNullable<Written["cookies"]>,
    held: HeldSession | undefined,
  ): Promise<void> {
    const { settings, cookie } = this.#resources;
    const { origin } = this.#jar;
    const names = cookies.map(({ name }) => name);
    const hasMoved = held !== undefined;
    const stale = this.#names.filter((name) => !names.includes(name));
    this.#held = held;
    this.#moved = undefined;
    const all = [...stale.map((name) => cookie.deletion(name)), ...cookies];
    const isHttps = settings.isSecureOverHttps && origin?.protocol === "https";
    await this.#jar.set(isHttps ? all.map((cookie) => ({ ...cookie, secure: true })) : all);
    await this.#endFormer(hasMoved);
    this.#names = names;
    this.#issuedAt = settings.now();
    this.#login?.saved(held);
    if (settings.attributes.secure && origin?.protocol === "http") {
      const { warnIfBrowserDropsCookie } = await loadInsecureOrigin();
      warnIfBrowserDropsCookie(settings.name, origin.host);
    }
  }

  /** The session has moved. An old cookie must not find it in its former home. */
  async #endFormer(hasMoved: boolean): Promise<void> {
    const { home, held } = this.#former ?? {};
    this.#former = undefined;
    if (held?.sessionId !== undefined) await home?.end?.(held.sessionId, hasMoved);
  }
}
