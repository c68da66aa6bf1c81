import { redirect } from "next/navigation";
import { getSession } from "@/lib/session";
import { findUserById } from "@/lib/users";

export interface User {
  id: string;
  name: string;
}

export async function getCurrentUser(): Promise<User> {
  "use cache: private";
  const { userId } = await getSession();
  const user = userId && (await findUserById(userId));
  if (!user) redirect("/login");
  return { id: user.id, name: user.name }; // what may be shown, and no more
}
