import type { SessionStore } from "next-signed-session";

/** `sqlite:sessions.db`, or `redis://localhost:6379`, or the addresses of a cluster between commas. */
export async function openStore(address: string): Promise<SessionStore> {
  if (address.startsWith("sqlite:")) {
    const { default: Database } = await import("libsql");
    const { sqliteStore } = await import("next-signed-session/sqlite");
    return sqliteStore(new Database(address.slice("sqlite:".length)));
  }
  if (/^rediss?:\/\//.test(address)) {
    const { default: KeyvRedis } = await import("@keyv/redis");
    const nodes = address.split(",");
    return nodes.length > 1
      ? new KeyvRedis({ rootNodes: nodes.map((url) => ({ url })) })
      : new KeyvRedis(address);
  }
  throw new Error(
    `SESSION_STORE is ${address}; give sqlite:FILE or redis://HOST:PORT, or nothing.`,
  );
}
