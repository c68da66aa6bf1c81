"use server";
import { getSession } from "@/lib/session";

export async function count() {
  await using session = await getSession();
  session.count = (session.count ?? 0) + 1;
  session.by = "Next.js";
}

export async function forget() {
  await using session = await getSession();
  session.clear();
}
