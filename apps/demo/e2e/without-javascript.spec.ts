import { expect } from "@playwright/test";
import { test } from "../../fixture/e2e/support/visitor";
import { cartIn, statusIn } from "./support/page";

test.use({ javaScriptEnabled: false });

test("without JavaScript, visits are counted and deleted, and the session made permanent", async ({
  page,
  context,
}) => {
  await page.goto("/visits-counter/");
  await page.goto("/visits-counter/");
  await expect(page.getByRole("heading", { name: "Total visits: 2" })).toBeVisible();

  await page.getByRole("switch", { name: "Permanent" }).click();
  await expect(page.getByRole("switch", { name: "Permanent" })).toBeChecked();
  await expect(page.getByRole("heading", { name: "Total visits: 2" })).toBeVisible();
  expect((await context.cookies())[0]?.expires).toBeGreaterThan(Date.now() / 1000);

  await page.getByRole("button", { name: "Delete the visits" }).click();
  await expect(page.getByRole("heading", { name: "Total visits: 0" })).toBeVisible();
});

test("without JavaScript, the cart is filled, changed and emptied, and mistakes are explained", async ({
  visitor,
}) => {
  const apples = (quantity: string) => ({ fruit: "apples", quantity });
  const press = (button: string, quantity = "") =>
    visitor.press("/cart/", button, apples(quantity));

  expect(cartIn(await press("Add to the cart", "4"))).toEqual({ apples: "4" });
  const changed = await press("Change", "6");
  expect(cartIn(changed)).toEqual({ apples: "6" });
  expect(statusIn(changed)).toBe("Quantity of apples: 6.");

  const refused = await press("Add to the cart", "999");
  expect(statusIn(refused)).toContain("Nothing changed");
  expect(cartIn(refused)).toEqual({ apples: "6" });

  const emptied = await press("Remove", "6");
  expect(emptied.body).toContain("Nothing in it yet.");
});

test("without JavaScript, a cookie value is decoded", async ({ visitor }) => {
  await visitor.get("/visits-counter/");
  const cookie = visitor.cookies.get("__Host-session") as string;
  const { body } = await visitor.press("/", "Decode it", { cookie });
  const answer = /<pre role="status">(.*?)<\/pre>/s.exec(body)?.[1];
  expect(answer).toContain("&quot;visits&quot;: 1");
});
