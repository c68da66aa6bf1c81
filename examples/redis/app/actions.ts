"use server";
import { refresh } from "next/cache";
import { fruits } from "@/lib/fruits";
import { getSession } from "@/lib/session";

export async function add(form: FormData) {
  const fruit = String(form.get("fruit"));
  if (!fruits.includes(fruit)) return;

  await using session = await getSession();
  session.cart ??= {};
  // Changed in place: it is merged with what other requests add at the same time, on either server.
  session.cart[fruit] = (session.cart[fruit] ?? 0) + 1;
  refresh();
}

export async function empty() {
  await using session = await getSession();
  session.clear();
  refresh();
}
