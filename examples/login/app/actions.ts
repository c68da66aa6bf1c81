"use server";
import { redirect } from "next/navigation";
import { getSession } from "@/lib/session";

export async function logout() {
  await using session = await getSession();
  session.clear(); // ends the session in the store: no copy of its cookie works any more
  redirect("/login");
}
