"use server";
import { getSession } from "@/lib/session";

export async function visit(): Promise<void> {
  await using session = await getSession();
  session.visits = (session.visits ?? 0) + 1;
}
