import { defineSession } from "next-signed-session";

export const { getSession } = defineSession<{ count: number; by: string }>({ format: "flask" });
