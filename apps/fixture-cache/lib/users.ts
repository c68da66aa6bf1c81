import type { User } from "./auth";

const USERS: readonly User[] = [
  { id: "1", name: "Ada" },
  { id: "2", name: "Grace" },
];

/** The password of every user is their name. */
export async function findUser(email: string, password: string): Promise<User | undefined> {
  return USERS.find(
    ({ name }) => email === `${name.toLowerCase()}@example.com` && password === name,
  );
}

export async function findUserById(id: string): Promise<User | undefined> {
  return USERS.find((user) => user.id === id);
}
