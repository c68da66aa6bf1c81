import { defineSession } from "next-signed-session";
import { options } from "./options";

export const { getSession } = defineSession<{ userId: string; visits: number }>(options);
