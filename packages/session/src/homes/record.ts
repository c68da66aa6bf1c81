/** What a store holds of a session: `[Unix time in seconds of the last write, payload]`. */
export interface SessionRecord {
  readonly writtenAt: number;
  /** The payload, serialized. */
  readonly text: string;
}

const RECORD = /^\[(\d{1,15}),(\{.*\})\]$/s;

export function formatRecord({ writtenAt, text }: SessionRecord): string {
  return `[${writtenAt},${text}]`;
}

/** @throws SyntaxError for what is no record: something else writes under the session's keys. */
export function parseRecord(content: string): SessionRecord {
  const [, writtenAt, text] = RECORD.exec(content) ?? [];
  if (text === undefined) throw new SyntaxError("this is no session's record");
  return { writtenAt: Number(writtenAt), text };
}
