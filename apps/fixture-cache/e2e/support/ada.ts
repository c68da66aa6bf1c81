import { expect } from "@playwright/test";
import { Visitor } from "../../../fixture/e2e/support/visitor";

/** A visitor who has signed in as Ada. */
export async function ada(origin: string): Promise<Visitor> {
  const visitor = new Visitor(origin);
  const answer = await visitor.submit("/login", "login", {
    email: "ada@example.com",
    password: "Ada",
  });
  expect(answer.headers.get("location")).toBe("/dashboard");
  return visitor;
}
