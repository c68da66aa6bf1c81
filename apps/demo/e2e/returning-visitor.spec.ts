import { expect } from "@playwright/test";
import { mintCookies, readSession } from "next-signed-session/testing";
import { test } from "../../fixture/e2e/support/visitor";
import { getSession } from "../lib/session";

test("a visitor who comes back with a session goes on where it was left", async ({
  page,
  context,
  baseURL,
}) => {
  const left = { visits: 41, cart: { plums: "12" } };
  await context.addCookies(await mintCookies(getSession, left, { url: baseURL, permanent: true }));

  await page.goto("/visits-counter/");
  await expect(page.getByRole("heading", { name: "Total visits: 42" })).toBeVisible();
  await page.goto("/cart/");
  await expect(page.getByRole("textbox", { name: "plums" })).toHaveValue("12");

  const session = await readSession(getSession, await context.cookies());
  expect({ ...session }).toEqual({ visits: 42, cart: { plums: "12" } });
  expect(session.permanent).toBe(true);
});
