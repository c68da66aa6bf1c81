import { bytesToBase64Url, sha256 } from "#primitives";
import { deriveKey } from "../crypto/key-derivation.ts";
import { createSigner, type Signer } from "../crypto/signer.ts";
import { SessionOptionError } from "../errors/errors.ts";
import type { Payload } from "../formats/codec.ts";
import { dumpPayload, loadPayload } from "../formats/payload.ts";
import type { Renew } from "../session/binding.ts";
import { objectsIn, withObject } from "../store/merge.ts";
import type { RecordStore } from "../store/store.ts";
import {
  type HeldSession,
  isEmpty,
  type Refusal,
  type SessionChange,
  type SessionHome,
  type Written,
} from "./home.ts";
import { entryIn, isTombstone, type Tombstone } from "./record.ts";
import { Renewals } from "./renewals.ts";
import type { SessionCookie } from "./session-cookie.ts";
import { type SessionEntriesOptions, TOMBSTONE_LIFETIME } from "./session-entries.ts";
import { SessionRecords } from "./session-records.ts";
import { type Save, type Stored, type StoredSession, saveOf } from "./stored-session.ts";
import type { UserId } from "./user-groups.ts";
import type { ListedSession, UserSessions } from "./user-sessions.ts";

export interface StoreHomeOptions extends SessionEntriesOptions {
  readonly name: string;
  readonly secrets: readonly string[];
  readonly store: RecordStore;
  readonly cookie: SessionCookie;
  /** Unix time in seconds. */
  now(): number;
}

interface Names {
  /** The secret in the cookie. */
  readonly id: string;
  /** The session's key in the store. It is no secret. */
  readonly sessionId: string;
}

/**
 * A store keeps the session, and the cookie holds a signed random id:
 * `base64url(id).base64url(timestamp).base64url(HMAC-SHA-256)`. The store knows a session by the hash
 * of its id, so that a copy of the store gives no one a cookie (CVE-2019-16782), and no time that a
 * store takes to compare its keys reveals one.
 */
export class StoreHome implements SessionHome<StoredSession> {
  readonly hasIds = true;
  readonly serialize = dumpPayload;
  readonly parse = loadPayload;
  readonly #options: StoreHomeOptions;
  readonly #signer: Signer;

  constructor(options: StoreHomeOptions) {
    const { name, secrets } = options;
    this.#options = options;
    this.#signer = createSigner({
      secrets,
      digest: "SHA-256",
      deriveKey: (secret) => deriveKey(secret, ["stored", name]),
    });
  }

  async read(value: string): Promise<StoredSession | Refusal> {
    const unsigned = await this.#signer.unsign(value);
    if (!unsigned.ok) return unsigned;
    const { payload: id, issuedAt } = unsigned;
    const names = await this.#namesOf(id);
    const content = await this.#options.store.get(names.sessionId);
    return content === undefined ? UNKNOWN : this.#held(names, content, issuedAt);
  }

  /** The id is derived from the cookie, so that parallel requests agree on it. */
  async adopt(value: string, found: HeldSession): Promise<StoredSession | Refusal> {
    const names = await this.#namesOf(FROM_COOKIE + (await sha256(value)));
    const content = await this.#options.store.get(names.sessionId);
    if (content !== undefined) return this.#held(names, content, found.issuedAt);
    return { ...found, ...names, content, isComplete: true, objects: new Map() };
  }

  hand(held: StoredSession): StoredSession {
    return { ...held, objects: objectsIn(held.payload.data) };
  }

  async end(sessionId: string, hasMoved = false): Promise<void> {
    await this.#records().ends.end(sessionId, this.#options.now(), hasMoved);
  }

  async renew(held: StoredSession, key: string, renew: Renew): Promise<string | undefined> {
    if (held.content === undefined) {
      await this.#records().begin(held.sessionId, held, held.issuedAt);
    }
    return new Renewals(this.#options).renew(held, key, renew);
  }

  withRead(held: StoredSession, key: string, value: unknown): StoredSession {
    const payload = loadPayload(held.text);
    const data = { ...payload.data, [key]: value };
    const text = dumpPayload({ ...payload, data });
    return {
      ...held,
      payload: { ...payload, data },
      text,
      objects: withObject(held.objects, key, value),
    };
  }

  async list(userId: UserId): Promise<readonly ListedSession[]> {
    return this.#ofUsers().list(userId, this.#options.now());
  }

  async endAll(userId: UserId, except?: string): Promise<void> {
    await this.#ofUsers().end(userId, except, this.#options.now());
  }

  async write(change: SessionChange<StoredSession>): Promise<Written | "ended"> {
    const { held, renewal } = change;
    const records = this.#records();
    if (!held) return this.#create(records, change);
    const save = saveOf(held, change);
    if (held.content === undefined) {
      const content = await records.begin(held.sessionId, held, held.issuedAt);
      return this.#change(records, { ...save, held: { ...held, content } }, renewal);
    }
    return this.#change(records, save, renewal);
  }

  async encode(payload: Payload, text: string, issuedAt: number): Promise<string> {
    const { id, sessionId } = await this.#newNames();
    await this.#records().set(sessionId, { payload, text }, issuedAt);
    return this.#signer.sign(id, issuedAt);
  }

  async #change(
    records: SessionRecords,
    save: Save,
    renewal: SessionChange["renewal"],
  ): Promise<Written | "ended"> {
    if (renewal === "clear") return this.#clear(records, save);
    if (renewal === "regenerate") {
      const names = await this.#newNames();
      const saved = await records.rotate(save, names.sessionId);
      return saved === "ended" ? saved : this.#written(save, names, saved, saved.content);
    }
    const outcome = await records.update(save);
    if (outcome === "ended") return outcome;
    if ("saved" in outcome) {
      return this.#written(save, save.held, outcome.saved, outcome.saved.content);
    }
    // Only the browser that rotated the session may learn its new id.
    const { held, payload, text, objects } = save;
    return {
      cookies: undefined,
      held: { ...held, payload, text, objects, isComplete: false } as HeldSession,
    };
  }

  async #clear(records: SessionRecords, save: Save): Promise<Written> {
    const { held, payload, text, now: issuedAt } = save;
    const created = await this.#create(records, { payload, text, issuedAt });
    const successor = created.held?.sessionId;
    if (successor === undefined) await records.ends.end(held.sessionId, issuedAt);
    else await records.ends.replace(held.sessionId, successor, issuedAt);
    return created;
  }

  async #create(
    records: SessionRecords,
    { payload, text, issuedAt }: Pick<SessionChange, "payload" | "text" | "issuedAt">,
  ): Promise<Written> {
    if (isEmpty(payload)) return NOTHING;
    const names = await this.#newNames();
    const objects = objectsIn(payload.data);
    const stored = { payload, text };
    const content = await records.set(names.sessionId, stored, issuedAt);
    return this.#written({ payload, text, objects, now: issuedAt }, names, stored, content);
  }

  async #written(
    { payload, text, objects, now: issuedAt }: Pick<Save, "payload" | "text" | "objects" | "now">,
    { id, sessionId }: Names,
    stored: Stored,
    content: string,
  ): Promise<Written> {
    if (isEmpty(stored.payload)) return NOTHING;
    const value = await this.#signer.sign(id, issuedAt);
    const isComplete = stored.text === text;
    const held: StoredSession = {
      ...{ ok: true, payload, text, issuedAt, writtenAt: issuedAt },
      ...{ id, sessionId, content, isComplete, objects },
    };
    return { cookies: [this.#options.cookie.withValue(value, stored.payload, issuedAt)], held };
  }

  #held(names: Names, content: string, issuedAt: number): StoredSession | Refusal {
    const entry = entryIn(content);
    if (!entry) return UNKNOWN;
    if (isTombstone(entry)) return this.#refusal(names, entry);
    try {
      const { writtenAt, text } = entry;
      const held = { payload: loadPayload(text), text, issuedAt, writtenAt, ...names, content };
      return { ok: true, ...held, isComplete: true, objects: new Map() };
    } catch {
      return UNKNOWN;
    }
  }

  /** The time is checked, since the tombstone of a session from a cookie lasts longer than the minute. */
  #refusal({ sessionId }: Names, { ended, successors, isElsewhere }: Tombstone): Refusal {
    const livesOn = successors.length > 0 || isElsewhere === true;
    const isRecent = this.#options.now() - ended <= TOMBSTONE_LIFETIME;
    return livesOn && isRecent ? { ...UNKNOWN, movedFrom: sessionId } : UNKNOWN;
  }

  #records(): SessionRecords {
    return new SessionRecords(this.#options.store.begin(), this.#options);
  }

  #ofUsers(): UserSessions {
    // Each session of the user has the time of one save.
    const { ofUsers } = new SessionRecords(this.#options.store, this.#options);
    if (ofUsers) return ofUsers;
    throw new SessionOptionError(
      "ERR_SESSION_OPTION",
      "sessionsOf() and endSessionsOf() need the session option `userOf`, which says whose session it is: `userOf: (data) => data.userId`.",
    );
  }

  #newNames(): Promise<Names> {
    return this.#namesOf(bytesToBase64Url(crypto.getRandomValues(new Uint8Array(32))));
  }

  async #namesOf(id: string): Promise<Names> {
    const origin = id.startsWith(FROM_COOKIE) ? "cookie:" : "";
    return { id, sessionId: `${this.#options.name}:${origin}${await sha256(id)}` };
  }
}

const NOTHING: Written = { cookies: [], held: undefined };

const UNKNOWN: Refusal = { ok: false, reason: "unknown-session" };

/** No random id begins with it, because base64url does not use it. */
const FROM_COOKIE = "~";
