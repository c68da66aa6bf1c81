import { defineSession } from "next-signed-session";

export const { getSession, getPublicSession } = defineSession<{ name: string; token: string }>({
  name: "member",
}).expose("name");
