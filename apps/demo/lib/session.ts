import { defineSession, type SessionOptions } from "next-signed-session";

export const permanentLifetime = { days: 31 };

export const { getSession, decode } = defineSession<{
  visits: number;
  cart: Record<string, string>;
}>({
  permanentLifetime,
  format: process.env.SESSION_FORMAT as SessionOptions["format"],
  // Whichever of these a visitor brings is rewritten in that format at the next change.
  accept: ["signed", "sealed", "flask", "iron-session"],
});
