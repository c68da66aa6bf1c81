import { randomUUID } from "node:crypto";
import { hashPassword, isPassword } from "./passwords";

/** Stands in for your database. The login page says both passwords, so take these users out. */
const users = [
  {
    id: "1",
    name: "Ada Lovelace",
    email: "ada@example.com",
    password: "8SRGeW8S1HfWzMTrAoc7Tw.j4-yl7Wy2NiVxN2msZE2n6lDJ93dtxyWBANQ8Kc9iLI",
  },
  {
    id: "2",
    name: "Grace Hopper",
    email: "grace@example.com",
    password: "3JA_hOqD-j2SaLzqgUQUHA.o4Yv151-MsoB1aQTsHirvez33IR_Cs11cNJT-mghuJs",
  },
];

/** Stands in for the password of a user who does not exist. */
const nobodys = hashPassword(randomUUID());

/** An unknown address takes as long as a wrong password, so nobody can find out who has an account. */
export async function findUser(email: string, password: string) {
  const user = users.find((each) => each.email === email.trim().toLowerCase());
  const isRight = await isPassword(password, user?.password ?? (await nobodys));
  return isRight ? user : undefined;
}

export function findUserById(id: string) {
  return users.find((user) => user.id === id);
}
