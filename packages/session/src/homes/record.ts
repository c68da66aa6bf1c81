/** What a store holds of a living session: `[Unix time in seconds of the last write, payload]`. */
export interface SessionRecord {
  readonly writtenAt: number;
  /** The payload, serialized. */
  readonly text: string;
}

/**
 * What a store holds of a session that has ended, for as long as requests may still be under way that
 * began before: none of them may bring it back.
 */
export interface Tombstone {
  /** Unix time in seconds. */
  readonly ended: number;
  /** The sessions that took its place, by their ids in the store. None: it was logged out. */
  readonly successors: readonly string[];
  /** The payload that the successors began with, where it is this session that goes on in them. */
  readonly carried?: string | undefined;
  /** Has the session moved to another home, such as a cookie? */
  readonly isElsewhere?: boolean | undefined;
}

const RECORD = /^\[(\d{1,15}),(\{.*\})\]$/s;

export function formatRecord({ writtenAt, text }: SessionRecord): string {
  return `[${writtenAt},${text}]`;
}

export function formatTombstone(tombstone: Tombstone): string {
  return JSON.stringify(tombstone);
}

/** @throws SyntaxError for what is neither: something else writes under the session's keys. */
export function parseEntry(content: string): SessionRecord | Tombstone {
  const [, writtenAt, text] = RECORD.exec(content) ?? [];
  if (text !== undefined) return { writtenAt: Number(writtenAt), text };
  const tombstone: Tombstone | undefined = content.startsWith("{") && JSON.parse(content);
  if (!Array.isArray(tombstone?.successors)) {
    throw new SyntaxError("this is neither a session's record nor its tombstone");
  }
  return tombstone;
}

export function isTombstone(entry: SessionRecord | Tombstone): entry is Tombstone {
  return "ended" in entry;
}
