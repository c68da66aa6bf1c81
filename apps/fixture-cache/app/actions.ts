"use server";

import { updateTag } from "next/cache";
import { redirect } from "next/navigation";
import { saveNote } from "@/lib/data";
import { getSession } from "@/lib/session";

export async function login(form: FormData): Promise<void> {
  await using session = await getSession();
  session.regenerate();
  session.userId = String(form.get("user"));
  redirect("/dashboard");
}

export async function logout(): Promise<void> {
  await using session = await getSession();
  session.clear();
  redirect("/login");
}

export async function addNote(form: FormData): Promise<void> {
  const { userId } = await getSession();
  if (userId === undefined) redirect("/login");

  const note = String(form.get("note") ?? "").trim();
  if (note) {
    await saveNote(userId, note);
    updateTag(`notes:${userId}`);
  }
}
