import { defineSession } from "next-signed-session";

export const permanentLifetime = { days: 31 };

export const { getSession, decode } = defineSession<{
  visits: number;
  cart: Record<string, string>;
}>({ permanentLifetime });
