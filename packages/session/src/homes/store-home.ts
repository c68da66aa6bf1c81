import { bytesToBase64Url } from "#primitives";
import { deriveKey } from "../crypto/key-derivation.ts";
import { createSigner, type Signer } from "../crypto/signer.ts";
import type { Payload, Rejected } from "../formats/codec.ts";
import { dumpPayload, loadPayload } from "../formats/payload.ts";
import { type Lifetime, remainingLifetime } from "../session/lifetime.ts";
import { merge } from "../store/merge.ts";
import type { RecordStore } from "../store/store.ts";
import {
  type HeldSession,
  type HomeRejection,
  isEmpty,
  type SessionChange,
  type SessionHome,
  type Written,
} from "./home.ts";
import { formatRecord, parseRecord } from "./record.ts";
import type { SessionCookie } from "./session-cookie.ts";

export interface StoreHomeOptions {
  readonly name: string;
  readonly secrets: readonly string[];
  readonly store: RecordStore;
  readonly cookie: SessionCookie;
  readonly lifetime: Lifetime;
  /** Turns what the store holds into what a request is shown: an older release may have written it. */
  adapt(stored: Payload, writtenAt: number): Promise<Payload | undefined>;
}

interface StoredSession extends HeldSession {
  /** What the cookie holds, and nobody else may learn. */
  readonly id: string;
  /** What the store knows the session by, and anyone may learn. */
  readonly sessionId: string;
  /** The record, as it was last seen in the store. */
  readonly content: string;
  /** Does the request see all that the record holds? Another request may have added to it. */
  readonly isComplete: boolean;
}

/** The payload that a save ends up with, serialized. */
interface Result {
  readonly payload: Payload;
  readonly text: string;
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

  async read(value: string): Promise<StoredSession | Rejected<HomeRejection>> {
    const unsigned = await this.#signer.unsign(value);
    if (!unsigned.ok) return unsigned;
    const { payload: id, issuedAt } = unsigned;
    const sessionId = await this.#sessionIdOf(id);
    const content = await this.#options.store.get(sessionId);
    if (content === undefined) return { ok: false, reason: "unknown-session" };
    try {
      const { writtenAt, text } = parseRecord(content);
      const payload = loadPayload(text);
      const held = { payload, text, issuedAt, writtenAt, id, sessionId, content };
      return { ok: true, ...held, isComplete: true };
    } catch {
      // Something else writes under our keys, or a newer release did.
      return { ok: false, reason: "unknown-session" };
    }
  }

  async remove({ sessionId }: HeldSession): Promise<void> {
    if (sessionId !== undefined) await this.#options.store.delete(sessionId);
  }

  async write(change: SessionChange<StoredSession>): Promise<Written | "ended"> {
    const { held, renewal } = change;
    if (!held) return this.#create(change);
    if (renewal === "regenerate") return this.#move(held, change);
    if (renewal !== "clear") return this.#update(held, change);
    const created = await this.#create(change);
    await this.remove(held);
    return created;
  }

  async encode(payload: Payload, text: string, issuedAt: number): Promise<string> {
    const { id, sessionId } = await this.#newId();
    await this.#set(sessionId, { payload, text }, issuedAt);
    return this.#signer.sign(id, issuedAt);
  }

  async #create({ payload, text, issuedAt }: SessionChange): Promise<Written> {
    if (isEmpty(payload)) return NOTHING;
    const names = await this.#newId();
    const content = await this.#set(names.sessionId, { payload, text }, issuedAt);
    return this.#written({ payload, text }, text, { ...names, content }, issuedAt);
  }

  /** Puts the change into what the store holds by now. */
  async #update(
    held: StoredSession,
    { payload, text, issuedAt }: SessionChange,
  ): Promise<Written | "ended"> {
    const { store } = this.#options;
    let merged: Result | undefined;
    let content = held.content;
    const existed = await store.update(held.sessionId, content, async (current) => {
      merged = await this.#merged(held, { payload, text }, current);
      if (!merged) return { value: undefined, ttl: 0 };
      content = formatRecord({ writtenAt: issuedAt, text: merged.text });
      return { value: content, ttl: this.#ttl(merged.payload, issuedAt) };
    });
    if (!existed) return "ended";
    if (!merged) return NOTHING;
    const { id, sessionId } = held;
    return this.#written(merged, text, { id, sessionId, content }, issuedAt);
  }

  /** To a new id. The old record goes last, so that no failure on the way loses the session. */
  async #move(held: StoredSession, { payload, text, issuedAt }: SessionChange): Promise<Written> {
    const { store } = this.#options;
    const names = await this.#newId();
    let merged: Result | undefined;
    let content = "";
    const write = async () => {
      if (merged) content = await this.#set(names.sessionId, merged, issuedAt);
      else await store.delete(names.sessionId);
    };
    const existed = await store.update(held.sessionId, held.content, async (current) => {
      merged = await this.#merged(held, { payload, text }, current);
      await write();
      return { value: undefined, ttl: 0 };
    });
    if (!existed) {
      // Another request has logged out: only what this request set may begin a new session.
      const nothing = formatRecord({ writtenAt: issuedAt, text: "{}" });
      merged = await this.#merged({ ...held, isComplete: false }, { payload, text }, nothing);
      await write();
    }
    return merged ? this.#written(merged, text, { ...names, content }, issuedAt) : NOTHING;
  }

  /** What this request changed, put into what others have stored meanwhile. None: that is empty. */
  async #merged(held: StoredSession, mine: Result, current: string): Promise<Result | undefined> {
    const stored = parseRecord(current);
    if (held.isComplete && stored.text === parseRecord(held.content).text) {
      return isEmpty(mine.payload) ? undefined : mine;
    }
    const base = loadPayload(held.text);
    // The text, and not the payload, whose values the app may have changed since the save began.
    const { data, permanent, createdAt } = loadPayload(mine.text);
    const raw = loadPayload(stored.text);
    const theirs = (await this.#options.adapt(raw, stored.writtenAt)) ?? raw;
    const payload: Payload = {
      data: merge(base.data, data, theirs.data, equal),
      permanent: permanent === base.permanent ? theirs.permanent : permanent,
      createdAt: createdAt ?? theirs.createdAt,
    };
    return isEmpty(payload) ? undefined : { payload, text: dumpPayload(payload) };
  }

  async #written(
    { payload, text: storedText }: Result,
    text: string,
    record: Pick<StoredSession, "id" | "sessionId" | "content">,
    issuedAt: number,
  ): Promise<Written> {
    const value = await this.#signer.sign(record.id, issuedAt);
    const isComplete = storedText === text;
    const held: StoredSession = { ok: true, payload, text, issuedAt, ...record, isComplete };
    return { cookies: [this.#options.cookie.withValue(value, payload, issuedAt)], held };
  }

  async #set(sessionId: string, { payload, text }: Result, issuedAt: number): Promise<string> {
    const content = formatRecord({ writtenAt: issuedAt, text });
    await this.#options.store.set(sessionId, content, this.#ttl(payload, issuedAt));
    return content;
  }

  /** Milliseconds. A store takes 0 for "for ever", or for an error. */
  #ttl({ createdAt }: Payload, issuedAt: number): number {
    return Math.max(1, remainingLifetime(createdAt, issuedAt, this.#options.lifetime)) * 1000;
  }

  async #newId(): Promise<Pick<StoredSession, "id" | "sessionId">> {
    const id = bytesToBase64Url(crypto.getRandomValues(new Uint8Array(32)));
    return { id, sessionId: await this.#sessionIdOf(id) };
  }

  async #sessionIdOf(id: string): Promise<string> {
    const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(id));
    return `${this.#options.name}:${bytesToBase64Url(new Uint8Array(hash))}`;
  }
}

const NOTHING: Written = { cookies: [], held: undefined };

function equal(a: unknown, b: unknown): boolean {
  const textOf = (value: unknown) => dumpPayload({ data: { value }, permanent: false });
  return textOf(a) === textOf(b);
}
