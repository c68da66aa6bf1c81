import { defineSession } from "next-signed-session";

export const { getSession, decode } = defineSession<{
  visits: number;
  cart: Record<string, string>;
}>({
  permanentLifetime: { days: 31 },
});
