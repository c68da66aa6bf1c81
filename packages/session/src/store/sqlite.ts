import type { SessionStore } from "./store.ts";

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
  run(...parameters: (string | number)[]): { changes: number | bigint };
}

/** What has expired is removed at the next write that is this much later than the last removal. */
const SWEEP_INTERVAL = 60_000;

/**
 * Sessions in a SQLite file: no server, kept through restarts, and atomic between all processes that
 * open the file. It has one table, `sessions`, which is made if there is none.
 *
 * @param database Opened by you, and closed by you.
 *
 * @example
 * import Database from "libsql"; // or better-sqlite3; or { DatabaseSync } from "node:sqlite"
 * import { sqliteStore } from "next-signed-session/sqlite";
 *
 * export const { getSession } = defineSession({ store: sqliteStore(new Database("sessions.db")) });
 */
export function sqliteStore(database: SqliteDatabase): Required<SessionStore> {
  // Readers and a writer at once, and another process is waited for rather than an error.
  database.exec("PRAGMA busy_timeout = 5000");
  database.exec("PRAGMA journal_mode = WAL");
  database.exec(
    "CREATE TABLE IF NOT EXISTS sessions (key TEXT PRIMARY KEY, value TEXT NOT NULL, expires INTEGER NOT NULL) WITHOUT ROWID",
  );
  database.exec("CREATE INDEX IF NOT EXISTS sessions_expires ON sessions (expires)");

  const select = database.prepare("SELECT value FROM sessions WHERE key = ? AND expires > ?");
  const upsert = database.prepare(
    "INSERT INTO sessions (key, value, expires) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires = excluded.expires",
  );
  const remove = database.prepare("DELETE FROM sessions WHERE key = ?");
  const replaceIf = database.prepare(
    "UPDATE sessions SET value = ?, expires = ? WHERE key = ? AND value = ? AND expires > ?",
  );
  const removeIf = database.prepare(
    "DELETE FROM sessions WHERE key = ? AND value = ? AND expires > ?",
  );
  const sweep = database.prepare("DELETE FROM sessions WHERE expires <= ?");

  let swept = 0;
  const sweepNowAndThen = (now: number) => {
    if (now - swept < SWEEP_INTERVAL) return;
    swept = now;
    sweep.run(now);
  };

  return {
    get: (key) => (select.get(key, Date.now()) as { value: string } | undefined)?.value,

    set(key, value, ttl) {
      const now = Date.now();
      sweepNowAndThen(now);
      upsert.run(key, value, now + ttl);
    },

    delete: (key) => void remove.run(key),

    compareAndSet(key, expected, value, ttl) {
      const now = Date.now();
      sweepNowAndThen(now);
      const { changes } =
        value === undefined
          ? removeIf.run(key, expected, now)
          : replaceIf.run(value, now + ttl, key, expected, now);
      return Number(changes) === 1;
    },
  };
}
