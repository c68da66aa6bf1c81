import Database from "libsql";
import { defineSession } from "next-signed-session";
import { sqliteStore } from "next-signed-session/sqlite";

export const { getSession, endSession, sessionsOf, endSessionsOf } = defineSession<{
  userId: string;
  browser: string;
}>({
  store: () => sqliteStore(new Database("sessions.db")),
  userOf: (data) => data.userId,
});
