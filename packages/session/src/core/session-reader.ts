import { logFailure } from "../errors/errors.ts";
import type {
  Codec,
  CodecRejection,
  Decoded,
  Payload,
  Rejected,
  StoredRecord,
} from "../formats/codec.ts";
import type { Reader } from "../formats/formats.ts";
import type { Settings } from "../options/settings.ts";
import { type Awaitable, whenReady } from "../runtime/awaitable.ts";
import { judgeAge, type RejectReason } from "../session/lifetime.ts";
import { fitted } from "../session/schema.ts";

/** Of several formats' reasons the one that knows most of the value, from the least. */
const TELLING: readonly CodecRejection[] = [
  "unknown-format",
  "malformed",
  "bad-signature",
  "unknown-session",
];

export interface Opened extends Decoded {
  /** Of a store that is read but not written. */
  readonly foreignRecord?: StoredRecord | undefined;
}

/** What a cookie's value holds, if it is believed today: by its signature, its age and its data. */
export class SessionReader {
  readonly #settings: Settings;
  readonly #codec: Codec;
  readonly #readers: readonly Reader[];

  /** @param readers All formats that are read, the one that is written first. */
  constructor(settings: Settings, readers: readonly [Codec, ...Reader[]]) {
    this.#settings = settings;
    this.#codec = readers[0];
    this.#readers = readers;
  }

  read(value: string): Awaitable<Opened | Rejected<RejectReason>> {
    return this.#readBy(this.#readers, value, "unknown-format");
  }

  /** With the time it began, and of the schema's shape; nothing where it cannot be. */
  async adapted(payload: Payload, issuedAt: number): Promise<Payload | undefined> {
    const { lifetime, schema, migrate } = this.#settings;
    const createdAt =
      lifetime.absoluteLifetime === undefined ? undefined : (payload.createdAt ?? issuedAt);
    const data = schema
      ? await fitted(schema, migrate, payload.data).catch((error) =>
          logFailure("schema or migrate", error),
        )
      : payload.data;
    if (!data) return undefined;
    const changed = createdAt !== payload.createdAt || data !== payload.data;
    return changed ? { ...payload, createdAt, data } : payload;
  }

  #readBy(
    [reader, ...others]: readonly Reader[],
    value: string,
    reason: CodecRejection,
  ): Awaitable<Opened | Rejected<RejectReason>> {
    if (!reader) return { ok: false, reason };
    return whenReady(reader.decode(value), (decoded) => {
      if (decoded.ok) return this.#judge(decoded, reader === this.#codec);
      const tellsMore = TELLING.indexOf(decoded.reason) > TELLING.indexOf(reason);
      return this.#readBy(others, value, tellsMore ? decoded.reason : reason);
    });
  }

  /** Is it believed today, and as what? */
  #judge(decoded: Decoded, isOwn: boolean): Awaitable<Opened | Rejected<RejectReason>> {
    const { now, lifetime, schema } = this.#settings;
    const { issuedAt } = decoded;
    const { createdAt } = decoded.payload;
    const reason = judgeAge({ issuedAt, createdAt }, now(), lifetime);
    if (reason) return { ok: false, reason };
    const isBegun = createdAt !== undefined;
    const isToBeBegun = lifetime.absoluteLifetime !== undefined;
    if (isOwn && !schema && isBegun === isToBeBegun) return decoded;
    return this.#adapt(decoded, isOwn);
  }

  /** What is only adapted to today's options was not changed, and alone is no reason to be sent. */
  async #adapt(decoded: Decoded, isOwn: boolean): Promise<Opened | Rejected<"schema">> {
    const payload = await this.adapted(decoded.payload, decoded.issuedAt);
    if (!payload) return { ok: false, reason: "schema" };
    if (isOwn && payload === decoded.payload) return decoded;
    const adapted = { ...decoded, payload, text: this.#textOf(payload) };
    return isOwn ? adapted : { ...adapted, record: undefined, foreignRecord: decoded.record };
  }

  /** Nothing equals a payload that another format could keep and this one cannot: saving it says so. */
  #textOf(payload: Payload): string {
    try {
      return this.#codec.serialize(payload);
    } catch {
      return "";
    }
  }
}
