import { defineSession } from "next-signed-session";

export const { getSession } = defineSession({ name: "signed" });
