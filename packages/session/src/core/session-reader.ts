import type { CodecRejection, Payload } from "../formats/codec.ts";
import type {
  HeldSession,
  HomeRejection,
  ReadableHome,
  Refusal,
  SessionHome,
} from "../homes/home.ts";
import type { Settings } from "../options/settings.ts";
import { type Awaitable, whenReady } from "../runtime/awaitable.ts";
import { judgeAge, type RejectReason } from "../session/lifetime.ts";
import type { Adapt } from "./adaptation.ts";
import type { Revocation } from "./revocation.ts";

/** Several homes can refuse one value. The reason that says most about it counts: the last here. */
const REASONS: readonly (CodecRejection | HomeRejection)[] = [
  "unknown-format",
  "malformed",
  "bad-signature",
  "unknown-session",
];

/** A session that is believed, and the home that keeps it from its next write on. */
export interface FoundSession {
  readonly ok: true;
  readonly held: HeldSession;
  readonly home: ReadableHome;
  /** Where it was found, if that is another home. */
  readonly former?: { readonly home: ReadableHome; readonly held: HeldSession } | undefined;
}

/** A value that is not believed. */
export interface RefusedSession {
  readonly ok: false;
  readonly reason: RejectReason;
  /** The session that the value stood for, if it lives on under another id. */
  readonly moved?: MovedSession | undefined;
}

export interface MovedSession {
  readonly home: ReadableHome;
  readonly sessionId: string;
}

/** Decides what is believed of a cookie's value: by its signature, its age and its data. */
export class SessionReader {
  readonly #settings: Settings;
  readonly #homes: readonly ReadableHome[];
  readonly #own: SessionHome;
  readonly #adapt: Adapt;
  readonly #revocation: Revocation | undefined;

  /** @param homes All homes that are read. The first one is also written to. */
  constructor(
    settings: Settings,
    homes: readonly [SessionHome, ...ReadableHome[]],
    adapt: Adapt,
    revocation: Revocation | undefined,
  ) {
    this.#settings = settings;
    this.#revocation = revocation;
    this.#homes = homes;
    this.#own = homes[0];
    this.#adapt = adapt;
  }

  read(value: string): Awaitable<FoundSession | RefusedSession> {
    return this.#readFrom(this.#homes, value, "unknown-format");
  }

  #readFrom(
    [home, ...others]: readonly ReadableHome[],
    value: string,
    reason: HomeRejection,
  ): Awaitable<FoundSession | RefusedSession> {
    if (!home) return { ok: false, reason };
    return whenReady(home.read(value), (held) => {
      if (held.ok) return this.#found(held, home, value);
      if (held.movedFrom !== undefined) return refused(held, home);
      const saysMore = REASONS.indexOf(held.reason) > REASONS.indexOf(reason);
      return this.#readFrom(others, value, saysMore ? held.reason : reason);
    });
  }

  #found(
    held: HeldSession,
    home: ReadableHome,
    value: string,
  ): Awaitable<FoundSession | RefusedSession> {
    const judged = this.#judge(held, home);
    if (home === this.#own) return judged;
    return whenReady(judged, (found) => {
      if (!found.ok) return found;
      return this.#adopted(value, { ...found, former: { home, held } });
    });
  }

  async #adopted(value: string, found: FoundSession): Promise<FoundSession | RefusedSession> {
    const adopted = await this.#own.adopt?.(value, found.held);
    if (!adopted) return found;
    if (!adopted.ok) return refused(adopted, this.#own);
    const judged = await this.#judge(adopted, this.#own);
    return judged.ok ? { ...judged, former: found.former } : judged;
  }

  #judge(held: HeldSession, home: ReadableHome): Awaitable<FoundSession | RefusedSession> {
    const revocation = this.#revocation;
    if (!revocation) return this.#judgeItself(held, home);
    return whenReady(this.#judgeItself(held, home), async (found) => {
      if (!found.ok || !(await revocation.isRevoked(found.held.payload))) return found;
      return { ok: false, reason: "revoked" };
    });
  }

  /** By what the session says itself. */
  #judgeItself(held: HeldSession, home: ReadableHome): Awaitable<FoundSession | RefusedSession> {
    const { now, lifetime, keepsBeginning, schema } = this.#settings;
    const { createdAt } = held.payload;
    const reason = judgeAge({ ...held, createdAt }, now(), lifetime);
    if (reason) return { ok: false, reason };
    const hasBeginning = createdAt !== undefined;
    if (home === this.#own && !schema && hasBeginning === keepsBeginning) {
      return { ok: true, held, home };
    }
    return this.#adapted(held, home);
  }

  /** An adaptation to today's options is no change, and alone no reason to send a cookie. */
  async #adapted(held: HeldSession, home: ReadableHome): Promise<FoundSession | RefusedSession> {
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

function refused({ reason, movedFrom }: Refusal, home: ReadableHome): RefusedSession {
  const moved = movedFrom === undefined ? undefined : { home, sessionId: movedFrom };
  return { ok: false, reason, moved };
}
