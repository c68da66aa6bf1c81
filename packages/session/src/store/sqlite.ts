import type { AtomicSessionStore, GroupSessionStore } from "./store.ts";

/**
 * A SQLite database as `libsql`, `better-sqlite3` and `node:sqlite` have it in common: whichever of
 * them the app uses.
 */
export interface SqliteDatabase {
  exec(sql: string): unknown;
  prepare(sql: string): SqliteStatement;
}

export interface SqliteStatement {
  get(...parameters: (string | number)[]): unknown;
  all(...parameters: (string | number)[]): unknown[];
  run(...parameters: (string | number)[]): { changes: number | bigint };
}

/**
 * For how long the driver waits for another process, in milliseconds. All drivers stop the whole process
 * meanwhile, and every request in it.
 */
const BUSY_TIMEOUT = 20;
/** For how long SQLite is not asked after it was busy, in milliseconds, so that other requests are served. */
const REST = 60;

/** What has expired is removed at the next write that is this many milliseconds later than the last removal. */
const SWEEP_INTERVAL = 60_000;
/** The same if there is more to remove. */
const NEXT_BATCH = 100;
/** Rows: a million at once would take seconds. */
const BATCH = 500;

/**
 * Sessions in a SQLite file: no server, kept through restarts, and atomic between all processes that
 * open the file. It has two tables, `sessions` and `session_groups`, which are made if there are none.
 *
 * A file that another process has locked is tried again until `storeTimeout` is over. Other requests are
 * served meanwhile.
 *
 * @param database Opened by you, and closed by you.
 * @throws the driver's own error if the file cannot be read or is no database
 *
 * @example
 * import Database from "libsql"; // or better-sqlite3; or { DatabaseSync } from "node:sqlite"
 * import { sqliteStore } from "next-signed-session/sqlite";
 *
 * export const { getSession } = defineSession({ store: sqliteStore(new Database("sessions.db")) });
 */
export function sqliteStore(database: SqliteDatabase): AtomicSessionStore & GroupSessionStore {
  let prepared: Statements | undefined;
  const statements = () => {
    prepared ??= prepare(database);
    return prepared;
  };
  // With a write-ahead log, a file that is being written to can be read.
  const reading = considerate();
  const writing = considerate();

  try {
    statements();
  } catch (error) {
    // Another process is just making the file: the first operation tries again.
    if (!isBusy(error)) throw error;
  }

  let nextSweep = 0;
  const sweepNowAndThen = (now: number) => {
    if (now < nextSweep) return;
    const { sweep, sweepMembers } = statements();
    const removed = [sweep, sweepMembers].map((each) => Number(each.run(now, BATCH).changes));
    nextSweep = now + (Math.max(...removed) < BATCH ? SWEEP_INTERVAL : NEXT_BATCH);
  };

  return {
    get: (key) =>
      reading(() => {
        const row = statements().select.get(key, Date.now());
        return (row as { value: string } | undefined)?.value;
      }),

    set: (key, value, ttl) =>
      writing(() => {
        const now = Date.now();
        sweepNowAndThen(now);
        statements().upsert.run(key, value, now + ttl);
      }),

    delete: (key) => writing(() => void statements().remove.run(key)),

    compareAndSet: (key, expected, value, ttl) =>
      writing(() => {
        const now = Date.now();
        sweepNowAndThen(now);
        const { replaceIf, removeIf } = statements();
        const { changes } =
          value === undefined
            ? removeIf.run(key, expected, now)
            : replaceIf.run(value, now + ttl, key, expected, now);
        return Number(changes) === 1;
      }),

    addMember: (group, member, ttl) =>
      writing(() => void statements().upsertMember.run(group, member, Date.now() + ttl)),

    removeMember: (group, member) =>
      writing(() => void statements().removeMember.run(group, member)),

    membersOf: (group) =>
      reading(() => {
        const rows = statements().selectMembers.all(group, Date.now());
        return (rows as { member: string }[]).map(({ member }) => member);
      }),

    isBusy,
  };
}

type Statements = ReturnType<typeof prepare>;

/** Every step can be repeated, after another process has locked the file. */
function prepare(database: SqliteDatabase) {
  database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT}`);
  database.exec("PRAGMA journal_mode = WAL");
  database.exec(
    "CREATE TABLE IF NOT EXISTS sessions (key TEXT PRIMARY KEY, value TEXT NOT NULL, expires INTEGER NOT NULL) WITHOUT ROWID",
  );
  database.exec("CREATE INDEX IF NOT EXISTS sessions_expires ON sessions (expires)");
  database.exec(
    "CREATE TABLE IF NOT EXISTS session_groups (name TEXT, member TEXT, expires INTEGER NOT NULL, PRIMARY KEY (name, member)) WITHOUT ROWID",
  );
  database.exec("CREATE INDEX IF NOT EXISTS session_groups_expires ON session_groups (expires)");
  return {
    select: database.prepare("SELECT value FROM sessions WHERE key = ? AND expires > ?"),
    upsert: database.prepare(
      "INSERT INTO sessions (key, value, expires) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires = excluded.expires",
    ),
    remove: database.prepare("DELETE FROM sessions WHERE key = ?"),
    replaceIf: database.prepare(
      "UPDATE sessions SET value = ?, expires = ? WHERE key = ? AND value = ? AND expires > ?",
    ),
    removeIf: database.prepare("DELETE FROM sessions WHERE key = ? AND value = ? AND expires > ?"),
    sweep: database.prepare(
      "DELETE FROM sessions WHERE key IN (SELECT key FROM sessions WHERE expires <= ? LIMIT ?)",
    ),
    upsertMember: database.prepare(
      "INSERT INTO session_groups (name, member, expires) VALUES (?, ?, ?) ON CONFLICT (name, member) DO UPDATE SET expires = excluded.expires",
    ),
    removeMember: database.prepare("DELETE FROM session_groups WHERE name = ? AND member = ?"),
    selectMembers: database.prepare(
      "SELECT member FROM session_groups WHERE name = ? AND expires > ?",
    ),
    sweepMembers: database.prepare(
      "DELETE FROM session_groups WHERE (name, member) IN (SELECT name, member FROM session_groups WHERE expires <= ? LIMIT ?)",
    ),
  };
}

/** Runs attempts, but for a while after a busy one, when those who ask get the same error at once. */
function considerate() {
  let busy: { readonly error: unknown; readonly until: number } | undefined;
  return <Result>(attempt: () => Result): Result => {
    if (busy && performance.now() < busy.until) throw busy.error;
    try {
      return attempt();
    } catch (error) {
      if (isBusy(error)) busy = { error, until: performance.now() + REST };
      throw error;
    }
  };
}

/** SQLITE_BUSY (5) or SQLITE_LOCKED (6), which `node:sqlite` gives as a number and the others as text. */
function isBusy(error: unknown): boolean {
  const { code, errcode } = (error ?? {}) as { code?: unknown; errcode?: unknown };
  if (typeof errcode === "number") return [5, 6].includes(errcode & 0xff);
  return typeof code === "string" && /^SQLITE_(BUSY|LOCKED)/.test(code);
}
