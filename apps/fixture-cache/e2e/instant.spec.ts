import { instant } from "@next/playwright";
import { expect, type Page, test } from "@playwright/test";

async function login(page: Page, user: string): Promise<void> {
  await page.goto("/login");
  await page.getByLabel("User").fill(user);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.waitForURL("/dashboard");
}

const welcome = (page: Page) => page.getByRole("heading", { name: "Welcome, Ada Lovelace" });

test("a page shows the user that it takes from the private cache", async ({ page }) => {
  await login(page, "ada");
  await expect(welcome(page)).toBeVisible();
  await page.reload();
  await expect(welcome(page)).toBeVisible();
  await expect(page.getByText("Signed in as Ada Lovelace")).toBeVisible();
});

test("a visitor without a session is led to the login page", async ({ page }) => {
  await page.goto("/dashboard");
  await page.waitForURL("/login");
  await expect(page.getByRole("heading", { name: "Log in" })).toBeVisible();
});

test("a navigation is instant: the user is in the App Shell", async ({ page }) => {
  await login(page, "ada");
  await page.goto("/");
  await instant(page, async () => {
    await page.getByRole("link", { name: "Dashboard" }).click();
    await page.waitForURL("/dashboard");
    await expect(welcome(page)).toBeVisible();
    await expect(page.getByText("Signed in as Ada Lovelace")).toBeVisible();
  });
});
