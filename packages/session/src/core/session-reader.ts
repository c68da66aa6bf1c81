import type { CodecRejection, Payload, Rejected } from "../formats/codec.ts";
import type { HeldSession, HomeRejection, ReadableHome, SessionHome } from "../homes/home.ts";
import type { Settings } from "../options/settings.ts";
import { type Awaitable, whenReady } from "../runtime/awaitable.ts";
import { judgeAge, type RejectReason } from "../session/lifetime.ts";
import type { Adapt } from "./adaptation.ts";

/** Several homes can refuse one value. The reason that says most about it counts: the last here. */
const REASONS: readonly (CodecRejection | HomeRejection)[] = [
  "unknown-format",
  "malformed",
  "bad-signature",
  "unknown-session",
];

/** A session that is believed today, and the home it was found in. */
export interface FoundSession {
  readonly ok: true;
  readonly held: HeldSession;
  readonly home: ReadableHome;
}

/** Decides what is believed of a cookie's value: by its signature, its age and its data. */
export class SessionReader {
  readonly #settings: Settings;
  readonly #homes: readonly ReadableHome[];
  readonly #own: SessionHome;
  readonly #adapt: Adapt;

  /** @param homes All homes that are read. The first one is also written to. */
  constructor(settings: Settings, homes: readonly [SessionHome, ...ReadableHome[]], adapt: Adapt) {
    this.#settings = settings;
    this.#homes = homes;
    this.#own = homes[0];
    this.#adapt = adapt;
  }

  read(value: string): Awaitable<FoundSession | Rejected<RejectReason>> {
    return this.#readFrom(this.#homes, value, "unknown-format");
  }

  #readFrom(
    [home, ...others]: readonly ReadableHome[],
    value: string,
    reason: HomeRejection,
  ): Awaitable<FoundSession | Rejected<RejectReason>> {
    if (!home) return { ok: false, reason };
    return whenReady(home.read(value), (held) => {
      if (held.ok) return this.#judge(held, home);
      const saysMore = REASONS.indexOf(held.reason) > REASONS.indexOf(reason);
      return this.#readFrom(others, value, saysMore ? held.reason : reason);
    });
  }

  #judge(held: HeldSession, home: ReadableHome): Awaitable<FoundSession | Rejected<RejectReason>> {
    const { now, lifetime, schema } = this.#settings;
    const { createdAt } = held.payload;
    const reason = judgeAge({ ...held, createdAt }, now(), lifetime);
    if (reason) return { ok: false, reason };
    const hasBeginning = createdAt !== undefined;
    const needsBeginning = lifetime.absoluteLifetime !== undefined;
    if (home === this.#own && !schema && hasBeginning === needsBeginning) {
      return { ok: true, held, home };
    }
    return this.#adapted(held, home);
  }

  /** An adaptation to today's options is no change, and alone no reason to send a cookie. */
  async #adapted(
    held: HeldSession,
    home: ReadableHome,
  ): Promise<FoundSession | Rejected<"schema">> {
    const payload = await this.#adapt(held.payload, held.writtenAt ?? held.issuedAt);
    if (!payload) return { ok: false, reason: "schema" };
    if (home === this.#own && payload === held.payload) return { ok: true, held, home };
    return { ok: true, held: { ...held, payload, text: this.#textOf(payload) }, home };
  }

  /** Nothing equals a payload that another home could keep and this one cannot: saving it says so. */
  #textOf(payload: Payload): string {
    try {
      return this.#own.serialize(payload);
    } catch {
      return "";
    }
  }
}
