import { SessionReadOnlyError, SessionTooLargeError } from "../errors/errors.ts";
import type { Payload } from "../formats/codec.ts";
import {
  type HeldSession,
  isEmpty,
  type ReadableHome,
  type SessionHome,
  type Written,
} from "../homes/home.ts";
import type { SessionCookie } from "../homes/session-cookie.ts";
import type { CookieJar } from "../jars/cookie-jar.ts";
import type { Settings } from "../options/settings.ts";
import type { Renewal, SessionBinding, Snapshot } from "../session/binding.ts";
import type { FlashTiming } from "../session/flash.ts";
import { isDueForRefresh, type RejectReason } from "../session/lifetime.ts";
import { assertFits } from "../session/schema.ts";
import { warnIfBrowserDropsCookie } from "./insecure-origin.ts";

/** What a session's manager has for all requests. */
export interface SessionResources {
  readonly settings: Settings;
  readonly home: SessionHome;
  readonly cookie: SessionCookie;
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
  /** The home that the session was found in, if that is not its own. */
  readonly formerHome: ReadableHome | undefined;
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
  #former: { readonly home: ReadableHome; readonly held: HeldSession } | undefined;

  constructor(resources: SessionResources, state: RequestState) {
    const { home, settings } = resources;
    const { held, formerHome } = state;
    this.flashTiming = state.flashTiming;
    this.begin = resources.begin;
    this.serialize = home.serialize;
    this.parse = home.parse;
    this.#resources = resources;
    this.#jar = state.jar;
    this.#names = state.names;
    this.#issuedAt = held?.issuedAt ?? settings.now();
    if (held && formerHome) this.#former = { home: formerHome, held };
    else this.#held = held;
  }

  get sessionId(): string | undefined {
    return this.#held?.sessionId;
  }

  canRenew(renewal: Renewal): boolean {
    // clear() deletes a refused cookie as well: another machine may still believe it.
    return this.#names.length > 0 && (renewal === "clear" || this.#resources.home.hasIds);
  }

  async save({ payload, text, modified, renewal }: Snapshot): Promise<void> {
    const { settings, home, report } = this.#resources;
    const { now, lifetime, schema } = settings;
    const empty = isEmpty(payload);
    if (empty && this.#names.length === 0) return;
    const isDue = !empty && payload.permanent && isDueForRefresh(this.#issuedAt, now(), lifetime);
    if (!modified && !isDue) return;

    try {
      if (schema) await assertFits(schema, payload.data);
      // Before the home is written to, which cannot be undone where no cookie can be sent.
      await this.#jar.assertWritable();
      const held = this.#held;
      const written = await home.write({ held, payload, text, renewal, issuedAt: now() });
      // No cookie is sent, and no deletion: the browser may hold one of a login that came between.
      if (written === "ended") report("unknown-session");
      else await this.#send(written, renewal);
    } catch (error) {
      // A refresh can wait: a later request sends what this one cannot.
      // A session from when chunks were allowed may no longer fit; it lasts unrefreshed to its end.
      const canWait =
        error instanceof SessionReadOnlyError || error instanceof SessionTooLargeError;
      if (!modified && canWait) return;
      throw error;
    }
  }

  async #send({ cookies, held }: Written, renewal: Renewal | undefined): Promise<void> {
    const { settings, cookie } = this.#resources;
    const names = cookies.map(({ name }) => name);
    const stale = this.#names.filter((name) => !names.includes(name));
    this.#held = held;
    await this.#jar.set([...stale.map((name) => cookie.deletion(name)), ...cookies]);
    if (names.length === 0 || renewal) await this.#former?.home.remove?.(this.#former.held);
    this.#names = names;
    this.#issuedAt = settings.now();
    warnIfBrowserDropsCookie(settings.name, settings.attributes, this.#jar.origin);
  }
}
