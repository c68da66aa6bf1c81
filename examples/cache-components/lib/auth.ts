import { redirect } from "next/navigation";
import { getPublicSession, getSession } from "./session";
import { findUserById } from "./users";

/** Sends everybody who is not logged in to the login, so what begins with it is protected. */
export async function getCurrentUser() {
  "use cache: private"; // may read cookies, and is kept by the visitor's browser alone
  const { userId } = await getSession();
  const user = userId && findUserById(userId);
  if (!user) redirect("/login");
  return { id: user.id, name: user.name }; // what a page may show
}

/** For client components: see session-context.ts. */
export async function getCurrentSession() {
  "use cache: private";
  return getPublicSession();
}
