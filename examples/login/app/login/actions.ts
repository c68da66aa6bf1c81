"use server";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { browserOf } from "@/lib/browser";
import { ownPath } from "@/lib/own-path";
import { getSession } from "@/lib/session";
import { findUser } from "@/lib/users";

export async function login(_: unknown, form: FormData) {
  const email = String(form.get("email"));
  const remember = form.get("remember") === "on";
  const user = await findUser(email, String(form.get("password")));
  if (!user) return { email, remember, message: "The email address or the password is wrong." };

  await using session = await getSession();
  session.clear(); // a new id, and nothing that an earlier visitor left
  session.userId = user.id;
  session.browser = browserOf((await headers()).get("user-agent"));
  session.permanent = remember; // else the cookie ends with the browser
  redirect(ownPath(String(form.get("next"))));
}
