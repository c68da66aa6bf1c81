import type { Payload, StoredRecord } from "../formats/codec.ts";
import { dumpPayload, loadPayload } from "../formats/payload.ts";
import type { Renewal } from "../session/session.ts";
import { merge } from "../store/merge.ts";
import type { StoredCodec } from "./stored-codec.ts";

/** What became of a session that was to be saved. */
export type Saved =
  | { readonly outcome: "kept"; readonly cookieValue: string; readonly text: string }
  /** Nothing was left to keep. */
  | { readonly outcome: "emptied" }
  /** Its record was removed while this request was running, by a logout say, and stays removed. */
  | { readonly outcome: "ended" };

interface Kept {
  readonly record: StoredRecord;
  readonly text: string;
}

export interface StoredSessionOptions {
  readonly codec: StoredCodec;
  /** None: the session is new, or was read from elsewhere. */
  readonly record: StoredRecord | undefined;
  /** What the request found, as it was shown to it. */
  readonly base: string;
  /** Makes of what the store holds what a request is shown. */
  readonly migrate: (stored: Payload) => Promise<Payload>;
}

/** One request's view of one record: what it read, to tell what it changed since. */
export class StoredSession {
  readonly #codec: StoredCodec;
  readonly #migrate: (stored: Payload) => Promise<Payload>;
  #record: StoredRecord | undefined;
  #base: string;
  /** How the store spells the base; none where it has never held just that. */
  #storedBase: string | undefined;
  #ended = false;

  constructor({ codec, record, base, migrate }: StoredSessionOptions) {
    this.#codec = codec;
    this.#record = record;
    this.#base = base;
    this.#storedBase = record && codec.textOf(record);
    this.#migrate = migrate;
  }

  get id(): string | undefined {
    return this.#record?.key;
  }

  /** @throws SessionStoreError, and then nothing here has changed: the same save can be tried again */
  async save(text: string, renewal: Renewal | undefined, issuedAt: number): Promise<Saved> {
    const kept = await this.#keep(text, renewal, issuedAt);
    this.#ended = kept === "ended";
    if (kept === "ended") return { outcome: "ended" };
    this.#record = kept?.record;
    if (!kept) return { outcome: "emptied" };
    this.#base = text;
    this.#storedBase = kept.text === text ? text : undefined;
    const cookieValue = await this.#codec.cookieValue(kept.record, issuedAt);
    return { outcome: "kept", cookieValue, text: kept.text };
  }

  async #keep(
    text: string,
    renewal: Renewal | undefined,
    issuedAt: number,
  ): Promise<Kept | undefined | "ended"> {
    const record = this.#record;
    if (!record) return this.#create(text, issuedAt);
    if (renewal === "clear") {
      const created = await this.#create(text, issuedAt);
      await record.remove();
      return created;
    }
    if (renewal === "regenerate") return this.#move(record, text, issuedAt);
    if (this.#ended) return "ended";

    let kept: string | undefined;
    const existed = await this.#codec.update(record, issuedAt, async (theirs) => {
      kept = await this.#merged(text, theirs);
      return kept;
    });
    if (!existed) return "ended";
    return kept === undefined ? undefined : { record, text: kept };
  }

  async #create(text: string, issuedAt: number): Promise<Kept | undefined> {
    if (isEmpty(loadPayload(text))) return undefined;
    const record = await this.#codec.newRecord();
    await this.#codec.write(record, text, issuedAt);
    return { record, text };
  }

  /** To a new id. The old record goes last, so that no failure on the way leaves neither. */
  async #move(old: StoredRecord, text: string, issuedAt: number): Promise<Kept | undefined> {
    const record = await this.#codec.newRecord();
    let kept: string | undefined;
    const write = async () => {
      if (kept === undefined) await record.remove();
      else await this.#codec.write(record, kept, issuedAt);
    };
    const existed = await this.#codec.update(old, issuedAt, async (theirs) => {
      kept = await this.#merged(text, theirs);
      await write();
      return undefined;
    });
    if (!existed) {
      // Logged out meanwhile: only what this very request set may begin a session anew.
      kept = await this.#merged(text, dumpPayload({ data: {}, permanent: false }));
      await write();
    }
    return kept === undefined ? undefined : { record, text: kept };
  }

  /** What this request changed, put into what others have stored meanwhile; none if that is empty. */
  async #merged(text: string, theirText: string): Promise<string | undefined> {
    const mine = loadPayload(text);
    if (theirText === this.#storedBase) return isEmpty(mine) ? undefined : text;
    const base = loadPayload(this.#base);
    const theirs = await this.#migrate(loadPayload(theirText));
    const payload: Payload = {
      data: merge(base.data, mine.data, theirs.data, equal),
      permanent: mine.permanent === base.permanent ? theirs.permanent : mine.permanent,
      createdAt: mine.createdAt ?? theirs.createdAt,
    };
    return isEmpty(payload) ? undefined : dumpPayload(payload);
  }
}

function isEmpty({ data }: Payload): boolean {
  return Object.keys(data).length === 0;
}

function equal(a: unknown, b: unknown): boolean {
  const textOf = (value: unknown) => dumpPayload({ data: { value }, permanent: false });
  return textOf(a) === textOf(b);
}
