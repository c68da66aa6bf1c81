"use server";

import { getSession } from "@/lib/session";

export async function deleteVisits() {
  await using session = await getSession();
  delete session.visits;
}

export async function setPermanent(form: FormData) {
  await using session = await getSession();
  session.permanent = form.get("permanent") === "true";
}
