/**
 * A server-side store in an SQLite file.
 *
 * @module next-signed-session/sqlite
 */

export type { SqliteDatabase, SqliteStatement } from "./store/sqlite.ts";
export { sqliteStore } from "./store/sqlite.ts";
