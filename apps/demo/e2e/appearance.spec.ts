import { expect, type Page, test } from "@playwright/test";
import { expectToFit } from "./support/layout";

const views: Record<string, (page: Page) => Promise<unknown>> = {
  "front page of a newcomer": (page) => page.goto("/"),
  "front page": async (page) => {
    await page.goto("/session/");
    await page.goto("/visits-counter/");
    await page.goto("/");
  },
  "front page with a forged cookie": async (page) => {
    await page.goto("/session/");
    const [cookie] = await page.context().cookies();
    if (!cookie) throw new Error("The cart set no cookie");
    await page.context().addCookies([{ ...cookie, value: cookie.value.replace(/.$/, "!") }]);
    await page.goto("/");
    await expect(page.getByText("bad-signature")).toBeVisible();
  },
  visits: async (page) => {
    for (let visit = 0; visit < 13; visit++) await page.request.get("/visits-counter/");
    await page.goto("/visits-counter/");
  },
  "visits deleted, session permanent": async (page) => {
    await page.goto("/session/");
    await page.goto("/visits-counter/");
    await page.getByRole("switch", { name: "Permanent" }).click();
    await page.getByRole("button", { name: "Delete the visits" }).click();
    await expect(page.getByRole("heading", { name: "Total visits: 0" })).toBeVisible();
    await expect(page.getByRole("switch", { name: "Permanent" })).toBeChecked();
  },
  "empty cart": (page) => page.goto("/cart/"),
  cart: async (page) => {
    await page.goto("/session/");
    await page.goto("/cart/");
    await page.getByLabel("Fruit").selectOption("plums");
    await page.getByRole("button", { name: "Add to the cart" }).click();
    await expect(page.getByRole("textbox", { name: "plums" })).toBeVisible();
  },
  "missing page": (page) => page.goto("/nowhere/"),
};

for (const [name, visit] of Object.entries(views)) {
  test(`the ${name} fits the screen in light and dark, and axe finds nothing to object to`, {
    tag: "@layout",
  }, async ({ page }) => {
    await visit(page);
    await expectToFit(page);
  });
}

test("the first stop of the keyboard skips to the content", { tag: "@layout" }, async ({
  page,
}) => {
  await page.goto("/cart/");
  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: "Skip to the content" });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.getByLabel("Fruit")).toBeFocused();
});

test("every page has its own title and one main heading", async ({ page }) => {
  const titles = new Set<string>();
  for (const path of ["/", "/visits-counter/", "/cart/"]) {
    await page.goto(path);
    titles.add(await page.title());
    await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
  }
  expect(titles.size).toBe(3);
});
