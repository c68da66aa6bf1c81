import { redirect } from "next/navigation";
import { findUserById } from "./data";
import { getSession } from "./session";

export interface User {
  id: string;
  name: string;
}

export async function getCurrentUser(): Promise<User> {
  "use cache: private";

  const { userId } = await getSession();
  const user = userId === undefined ? undefined : await findUserById(userId);
  if (!user) redirect("/login");
  return { id: user.id, name: user.name };
}
