"use server";

import { decode } from "@/lib/session";

export async function tryDecode(_before: unknown, form: FormData) {
  const cookie = String(form.get("cookie"));
  return { cookie, answer: JSON.stringify(await decode(cookie), null, 2) };
}
