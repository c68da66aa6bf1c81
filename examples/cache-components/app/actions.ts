"use server";
import { redirect } from "next/navigation";
import { addNote } from "@/lib/notes";
import { getSession } from "@/lib/session";

export async function saveNote(form: FormData) {
  const text = String(form.get("text")).trim();
  if (text) await addNote(text);
}

export async function logout() {
  await using session = await getSession();
  session.clear();
  redirect("/login");
}
