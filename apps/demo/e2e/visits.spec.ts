import { expect, type Page } from "@playwright/test";
import { test, Visitor } from "../../fixture/e2e/support/visitor";
import { visitsIn } from "./support/page";

const total = (page: Page) => page.getByRole("heading", { name: /^Total visits: \d+$/ });

test("a visitor is counted 1, 2, 3, and from 1 again after deleting the visits", async ({
  page,
}) => {
  for (const visits of [1, 2, 3]) {
    await page.goto("/visits-counter/");
    await expect(total(page)).toHaveText(`Total visits: ${visits}`);
  }

  await page.goto("/delete-visits/");
  await expect(page.locator("body")).toHaveText("Visits deleted");

  await page.goto("/visits-counter/");
  await expect(total(page)).toHaveText("Total visits: 1");
});

test("reloading the page is a visit", async ({ page }) => {
  await page.goto("/visits-counter/");
  await page.reload();
  await expect(total(page)).toHaveText("Total visits: 2");
});

test("a second browser is counted for itself", async ({ visitor, baseURL }) => {
  await visitor.get("/visits-counter/");
  await visitor.get("/visits-counter/");

  const other = new Visitor(baseURL as string);
  expect(visitsIn(await other.get("/visits-counter/"))).toBe(1);

  expect(visitsIn(await visitor.get("/visits-counter/"))).toBe(3);
});

test("two tabs of one browser share the count", async ({ page, context }) => {
  await page.goto("/visits-counter/");
  const tab = await context.newPage();
  await tab.goto("/visits-counter/");
  await expect(total(tab)).toHaveText("Total visits: 2");
});

test("the button deletes the visits, and pressing it is not a visit", async ({ page }) => {
  await page.goto("/visits-counter/");
  await page.getByRole("button", { name: "Delete the visits" }).click();
  await expect(total(page)).toHaveText("Total visits: 0");
  await expect(page.getByRole("status").first()).toContainText("The next visit is the first again");

  await page.reload();
  await expect(total(page)).toHaveText("Total visits: 1");
});

test("the address without its trailing slash leads to the page and counts once", async ({
  visitor,
}) => {
  const { headers } = await visitor.get("/visits-counter");
  expect(headers.get("location")).toBe("/visits-counter/");
  expect(visitsIn(await visitor.get("/visits-counter/"))).toBe(1);
});

test("asking for the headers alone is not a visit", async ({ visitor }) => {
  await visitor.get("/visits-counter/", { method: "HEAD" });
  expect(visitsIn(await visitor.get("/visits-counter/"))).toBe(1);
});

test("a page with links to the counter open does not count by prefetching", async ({
  page,
  context,
}) => {
  const prefetches: string[] = [];
  page.on("request", (request) => {
    if (request.headers()["next-router-prefetch"]) prefetches.push(new URL(request.url()).pathname);
  });

  await page.goto("/");
  await page.waitForLoadState("networkidle");
  expect(prefetches, "else this test shows nothing").toContain("/visits-counter/");
  expect(await context.cookies()).toEqual([]);

  await page.goto("/visits-counter/");
  await expect(total(page)).toHaveText("Total visits: 1");
});

test("navigating inside the app counts once for each time the page is opened", async ({ page }) => {
  const pages = page.getByRole("navigation", { name: "Pages" });
  await page.goto("/");
  await page.waitForLoadState("networkidle");

  for (const visits of [1, 2, 3]) {
    await pages.getByRole("link", { name: "Visits" }).click();
    await expect(total(page)).toHaveText(`Total visits: ${visits}`);
    await pages.getByRole("link", { name: "Cart" }).click();
    await expect(page.getByRole("heading", { name: "Cart", exact: true })).toBeVisible();
    await page.waitForLoadState("networkidle");
  }

  await page.goto("/visits-counter/");
  await expect(total(page)).toHaveText("Total visits: 4");
});
