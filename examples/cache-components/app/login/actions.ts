"use server";
import { redirect } from "next/navigation";
import { getSession } from "@/lib/session";
import { findUser } from "@/lib/users";

export async function login(_: unknown, form: FormData) {
  const email = String(form.get("email"));
  const user = await findUser(email, String(form.get("password")));
  if (!user) return { email, message: "The email address or the password is wrong." };

  await using session = await getSession();
  session.clear(); // nothing that an earlier visitor left
  session.userId = user.id;
  session.name = user.name;
  redirect("/");
}
