/**
 * What a store holds of a living session: `[Unix time in seconds of the last write, payload]`, with the
 * leases between the two where there are some.
 */
export interface SessionRecord {
  readonly writtenAt: number;
  /** The payload, serialized. */
  readonly text: string;
  /** Which requests renew which values. */
  readonly leases?: string | undefined;
}

/**
 * What a store holds of a session that has ended, for as long as requests may run that began before.
 * None of them may bring it back.
 */
export interface Tombstone {
  /** Unix time in seconds. */
  readonly ended: number;
  /** The session ids of those that took its place. There are none after a logout. */
  readonly successors: readonly string[];
  /** The serialized payload that the successors began with, if they continue this session. */
  readonly carried?: string | undefined;
  /** Has the session moved to another home, such as a cookie? */
  readonly isElsewhere?: boolean | undefined;
}

/** The beginning only: a pattern for the whole would read a large record once more. */
const RECORD = /^\[(\d{1,15}),(?:"([\w%*+=&.-]+)",)?(?=\{)/;

export function formatRecord({ writtenAt, text, leases }: SessionRecord): string {
  return leases ? `[${writtenAt},"${leases}",${text}]` : `[${writtenAt},${text}]`;
}

export function formatTombstone(tombstone: Tombstone): string {
  return JSON.stringify(tombstone);
}

/** @throws SyntaxError if it is neither */
function parseEntry(content: string): SessionRecord | Tombstone {
  const [beginning, writtenAt, leases] = RECORD.exec(content) ?? [];
  if (beginning && content.endsWith("}]")) {
    return { writtenAt: Number(writtenAt), text: content.slice(beginning.length, -1), leases };
  }
  const tombstone: Tombstone | undefined = content.startsWith("{") && JSON.parse(content);
  if (!Array.isArray(tombstone?.successors)) {
    throw new SyntaxError("this is neither a session's record nor its tombstone");
  }
  return tombstone;
}

/** The session that an entry stands for: a living one, or what its tombstone carries. */
export function recordIn(entry: SessionRecord | Tombstone): SessionRecord | undefined {
  if (!isTombstone(entry)) return entry;
  const { ended: writtenAt, carried: text } = entry;
  return text === undefined ? undefined : { writtenAt, text };
}

export function isTombstone(entry: SessionRecord | Tombstone): entry is Tombstone {
  return "ended" in entry;
}

/** `undefined` if something else wrote under the session's keys, such as a newer release. */
export function entryIn(content: string): SessionRecord | Tombstone | undefined {
  try {
    return parseEntry(content);
  } catch {
    return undefined;
  }
}
