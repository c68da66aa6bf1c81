import { defineSession } from "next-signed-session";
import { sqliteStore } from "next-signed-session/sqlite";

// One build serves all kinds of session: each server has an environment of its own.
const { FIXTURE_FORMAT, FIXTURE_DATABASE, FIXTURE_LIFETIME } = process.env;

export const { getSession, getPublicSession } = defineSession<{
  userId: string;
  name: string;
  visits: number;
}>({
  // One name in development and in production, since the tests of both bring the same cookies.
  name: "session",
  format: FIXTURE_FORMAT === "sealed" ? "sealed" : "signed",
  store: FIXTURE_DATABASE ? () => openStore(FIXTURE_DATABASE) : undefined,
  idleTimeout: FIXTURE_LIFETIME ? Number(FIXTURE_LIFETIME) : { days: 31 },
}).expose("name");

async function openStore(file: string) {
  const { default: Database } = await import("libsql");
  return sqliteStore(new Database(file));
}
