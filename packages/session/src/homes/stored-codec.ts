import { bytesToBase64Url } from "#primitives";
import { deriveKey } from "../crypto/key-derivation.ts";
import { createSigner, type Signer } from "../crypto/signer.ts";
import type { Codec, Decoded, Rejected, StoredRecord } from "../formats/codec.ts";
import { dumpPayload, loadPayload } from "../formats/payload.ts";
import type { Awaitable } from "../runtime/awaitable.ts";
import { type Lifetime, remainingLifetime } from "../session/lifetime.ts";
import type { Change, RecordStore } from "../store/store.ts";

export interface StoredCodecOptions {
  readonly name: string;
  readonly secrets: readonly string[];
  readonly store: RecordStore;
  readonly lifetime: Lifetime;
}

/** What the store holds: the time of the last write in Unix seconds, and the payload. */
const RECORD = /^\[(\d{1,15}),(\{.*\})\]$/s;

/**
 * The cookie holds a signed random id, `base64url(id).base64url(timestamp).base64url(HMAC-SHA-256)`,
 * and the store a record under the id's hash: who reads the store learns no id, and so can pose as
 * nobody (CVE-2019-16782); and no time that a store takes to compare its keys tells of one.
 */
export class StoredCodec implements Codec {
  readonly serialize = dumpPayload;
  readonly parse = loadPayload;
  readonly #name: string;
  readonly #signer: Signer;
  readonly #store: RecordStore;
  readonly #lifetime: Lifetime;

  constructor({ name, secrets, store, lifetime }: StoredCodecOptions) {
    this.#name = name;
    this.#signer = createSigner({
      secrets,
      digest: "SHA-256",
      deriveKey: (secret) => deriveKey(secret, ["stored", name]),
    });
    this.#store = store;
    this.#lifetime = lifetime;
  }

  /** @throws SessionStoreError */
  async decode(value: string): Promise<Decoded | Rejected> {
    const unsigned = await this.#signer.unsign(value);
    if (!unsigned.ok) return unsigned;
    const { payload: id, secretIndex, issuedAt: cookieIssuedAt } = unsigned;
    const key = await this.#keyOf(id);
    const content = await this.#store.get(key);
    if (content === undefined) return { ok: false, reason: "unknown-session" };
    try {
      const { text, issuedAt } = parseRecord(content);
      const remove = () => this.#store.delete(key);
      const record = { id, key, content, cookieIssuedAt, remove };
      return { ok: true, payload: loadPayload(text), text, issuedAt, secretIndex, record };
    } catch {
      // Something else writes under our keys, or a newer release did.
      return { ok: false, reason: "unknown-session" };
    }
  }

  /** @throws SessionStoreError */
  async encode(text: string, issuedAt: number): Promise<string> {
    const record = await this.newRecord();
    await this.write(record, text, issuedAt);
    return this.cookieValue(record, issuedAt);
  }

  cookieValue({ id }: StoredRecord, issuedAt: number): Awaitable<string> {
    return this.#signer.sign(id, issuedAt);
  }

  /** The payload as the store held it when it was last seen. */
  textOf({ content }: StoredRecord): string {
    return parseRecord(content).text;
  }

  /** A new id, of which the store knows nothing yet. */
  async newRecord(): Promise<StoredRecord> {
    const id = bytesToBase64Url(crypto.getRandomValues(new Uint8Array(32)));
    const key = await this.#keyOf(id);
    return { id, key, content: "", cookieIssuedAt: 0, remove: () => this.#store.delete(key) };
  }

  async write(record: StoredRecord, text: string, issuedAt: number): Promise<void> {
    const { value, ttl } = this.#change(text, issuedAt);
    await this.#store.set(record.key, value, ttl);
    record.content = value;
  }

  /**
   * Puts in the record's place what `change` makes of the text that the store holds by now, or nothing.
   * Answers `false` where the store holds none any more: then it still holds none.
   */
  update(
    record: StoredRecord,
    issuedAt: number,
    change: (text: string) => Promise<string | undefined>,
  ): Promise<boolean> {
    return this.#store.update(record.key, record.content, async (content) => {
      const text = await change(parseRecord(content).text);
      if (text === undefined) return { value: undefined, ttl: 0 };
      const written = this.#change(text, issuedAt);
      record.content = written.value;
      return written;
    });
  }

  #change(text: string, issuedAt: number): Change & { value: string } {
    const hasEnd = this.#lifetime.absoluteLifetime !== undefined;
    const createdAt = hasEnd ? loadPayload(text).createdAt : undefined;
    const seconds = remainingLifetime(createdAt, issuedAt, this.#lifetime);
    // A store takes 0 for "for ever", or for an error.
    return { value: `[${issuedAt},${text}]`, ttl: Math.max(1, seconds) * 1000 };
  }

  async #keyOf(id: string): Promise<string> {
    const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(id));
    return `${this.#name}:${bytesToBase64Url(new Uint8Array(hash))}`;
  }
}

function parseRecord(content: string): { text: string; issuedAt: number } {
  const [, issuedAt, text] = RECORD.exec(content) ?? [];
  if (text === undefined) throw new SyntaxError("this is no session's record");
  return { text, issuedAt: Number(issuedAt) };
}
