import { defineSession } from "next-signed-session";

/** The browser may see the name, and nothing else. */
export const { getSession, getPublicSession } = defineSession<{
  userId: string;
  name: string;
}>().expose("name");
