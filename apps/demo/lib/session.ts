import { defineSession, type SessionOptions } from "next-signed-session";
import { openStore } from "./store";

const address = process.env.SESSION_STORE;

export const permanentLifetime = { days: 31 };

export const { getSession, decode } = defineSession<{
  visits: number;
  cart: Record<string, string>;
}>({
  permanentLifetime,
  store: address ? () => openStore(address) : undefined,
  format: process.env.SESSION_FORMAT as SessionOptions["format"],
  // Whichever of these a visitor brings is rewritten in that format at the next change.
  accept: ["signed", "sealed", "flask", "iron-session"],
});
