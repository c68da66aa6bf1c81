"use server";
import { updateTag } from "next/cache";
import { redirect } from "next/navigation";
import { notesOf } from "@/lib/database";
import { getSession } from "@/lib/session";
import { findUser } from "@/lib/users";

export async function login(form: FormData) {
  const user = await findUser(String(form.get("email")), String(form.get("password")));
  if (!user) redirect("/login?failed");

  await using session = await getSession();
  session.clear(); // removes the previous user's data
  session.userId = user.id;
  session.name = user.name;
  redirect("/dashboard");
}

export async function logout() {
  await using session = await getSession();
  session.clear();
  redirect("/login");
}

export async function addNote(form: FormData) {
  const { userId } = await getSession(); // an action checks for itself
  if (!userId) redirect("/login");
  await notesOf(userId).add(String(form.get("text")));
  updateTag(`notes:${userId}`);
}
