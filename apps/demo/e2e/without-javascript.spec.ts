import { expect, test } from "@playwright/test";

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
  page,
}) => {
  await page.goto("/cart/");
  await page.getByLabel("Fruit").selectOption("apples");
  await page.getByLabel("Quantity").fill("4");
  await page.getByRole("button", { name: "Add to the cart" }).click();

  const apples = page.getByRole("textbox", { name: "apples" });
  await expect(apples).toHaveValue("4");
  await apples.fill("6");
  await page.getByRole("button", { name: "Change apples" }).click();
  await expect(apples).toHaveValue("6");
  await expect(page.getByRole("main").getByRole("status")).toHaveText("Quantity of apples: 6.");

  await page.getByLabel("Quantity").fill("999");
  await page.getByLabel("Fruit").selectOption("apples");
  await page.getByRole("button", { name: "Add to the cart" }).click();
  await expect(page.getByRole("main").getByRole("status")).toContainText("Nothing changed");

  await page.getByRole("button", { name: "Remove apples" }).click();
  await expect(page.getByText("Nothing in it yet.")).toBeVisible();
});

test("without JavaScript, a cookie value is decoded", async ({ page }) => {
  await page.goto("/visits-counter/");
  await page.goto("/");
  await page.getByRole("button", { name: "Decode it" }).click();
  await expect(page.getByRole("status")).toContainText('"visits": 1');
});
