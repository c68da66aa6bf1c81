import { defineSession } from "next-signed-session";

export const { getSession, decode } = defineSession<{ name: string; visits: number }>({
  name: "session",
});
