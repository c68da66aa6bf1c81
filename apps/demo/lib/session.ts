import { defineSession, type SessionOptions } from "next-signed-session";
import { openStore } from "./store";

const address = process.env.SESSION_STORE;

export const hasStore = Boolean(address);

export const idleTimeout = { days: 31 };

export const { getSession, getPublicSession, decode, endSession, sessionsOf, endSessionsOf } =
  defineSession<{
    visits: number;
    cart: Record<string, string>;
    userId: string;
    browser: string;
  }>({
    idleTimeout,
    store: address ? () => openStore(address) : undefined,
    userOf: (data) => data.userId,
    format: process.env.SESSION_FORMAT as SessionOptions["format"],
    // Whichever of these a visitor brings is rewritten in that format at the next change.
    accept: ["signed", "sealed", "iron-session"],
  }).expose("visits", "cart");
