import { expect, type Page } from "@playwright/test";
import { test } from "../../fixture/e2e/support/visitor";
import { expectToFit, onEachScreen, phone } from "./support/layout";

// One page for all of them, one after the other: a new one would compile axe and the scripts again.
test.describe.configure({ mode: "default" });
let page: Page;

test.beforeAll(async ({ browser, baseURL }) => {
  page = await browser.newPage({ ...phone, baseURL });
});

test.beforeEach(() => page.context().clearCookies());

test.afterAll(() => page.context().close());

const views: Record<string, () => Promise<unknown>> = {
  "front page of a newcomer": () => page.goto("/"),
  "front page": async () => {
    await page.request.get("/session/");
    await page.request.get("/visits-counter/");
    await page.goto("/");
  },
  "front page with a forged cookie": async () => {
    await page.request.get("/session/");
    const [cookie] = await page.context().cookies();
    if (!cookie) throw new Error("The cart set no cookie");
    await page.context().addCookies([{ ...cookie, value: cookie.value.replace(/.$/, "!") }]);
    await page.goto("/");
    await expect(page.getByText("bad-signature")).toBeVisible();
  },
  visits: async () => {
    for (let visit = 0; visit < 13; visit++) await page.request.get("/visits-counter/");
    await page.goto("/visits-counter/");
  },
  "visits deleted, session permanent": async () => {
    await page.request.get("/session/");
    await page.goto("/visits-counter/");
    await page.getByRole("switch", { name: "Permanent" }).click();
    await page.getByRole("button", { name: "Delete the visits" }).click();
    await expect(page.getByRole("heading", { name: "Total visits: 0" })).toBeVisible();
    await expect(page.getByRole("switch", { name: "Permanent" })).toBeChecked();
  },
  "empty cart": () => page.goto("/cart/"),
  cart: async () => {
    await page.request.get("/session/");
    await page.goto("/cart/");
    await page.getByLabel("Fruit").selectOption("plums");
    await page.getByRole("button", { name: "Add to the cart" }).click();
    await expect(page.getByRole("textbox", { name: "plums" })).toBeVisible();
  },
  "missing page": () => page.goto("/nowhere/"),
};

for (const [name, visit] of Object.entries(views)) {
  test(`the ${name} fits the screen in light and dark, and axe finds nothing to object to`, async () => {
    await visit();
    await onEachScreen(page, (width) => expectToFit(page, width));
  });
}

test("the first stop of the keyboard skips to the content", async () => {
  await onEachScreen(page, async () => {
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
});

test("every page has its own title and one main heading", async ({ visitor }) => {
  const titles = new Set<string>();
  for (const path of ["/", "/visits-counter/", "/cart/"]) {
    const { body } = await visitor.get(path);
    titles.add(/<title>(.+?)<\/title>/.exec(body)?.[1] as string);
    expect(body.match(/<h1/g)).toHaveLength(1);
  }
  expect(titles.size).toBe(3);
  expect(titles).not.toContain(undefined);
});
