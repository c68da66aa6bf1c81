import KeyvRedis from "@keyv/redis";
import { defineSession } from "next-signed-session";

export const { getSession } = defineSession<{ cart: Record<string, number> }>({
  // A function, so that `next build` needs no Redis.
  store: () => new KeyvRedis(process.env.REDIS_URL ?? "redis://localhost:6379"),
});
