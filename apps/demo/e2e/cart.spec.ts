import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, type Page } from "@playwright/test";
import { test } from "../../fixture/e2e/support/visitor";
import { cartIn, statusIn } from "./support/page";

const inCart = (page: Page) => page.getByRole("list", { name: "In the cart" });
const status = (page: Page) => page.getByRole("main").getByRole("status");

async function add(page: Page, fruit: string, quantity: string) {
  await page.getByLabel("Fruit").selectOption(fruit);
  await page.getByLabel("Quantity").fill(quantity);
  await page.getByRole("button", { name: "Add to the cart" }).click();
}

test("the tutorial's cart answers an empty session, then 10 pineapples, then 100", async ({
  page,
}) => {
  const answers: unknown[] = [];
  for (let load = 0; load < 4; load++) {
    answers.push(await (await page.goto("/session/"))?.json());
  }

  const others = { apples: "20", mangoes: "30" };
  expect(answers).toEqual([
    {},
    { cart: { pineapples: "10", ...others } },
    { cart: { pineapples: "100", ...others } },
    { cart: { pineapples: "100", ...others } },
  ]);
});

test("no file of the demo sets a modified flag", () => {
  const demo = join(import.meta.dirname, "..");
  const sources = ["app", "components", "lib"]
    .flatMap((folder) =>
      readdirSync(join(demo, folder), { recursive: true, encoding: "utf8" }).map((file) =>
        join(demo, folder, file),
      ),
    )
    .concat(join(demo, "proxy.ts"))
    .filter((file) => /\.tsx?$/.test(file));

  expect(sources).toContain(join(demo, "app/session/route.ts"));
  const offenders = sources.filter((file) => /modified/i.test(readFileSync(file, "utf8")));
  expect(offenders).toEqual([]);
});

test("a visitor adds fruit, changes a quantity, removes a fruit and empties the cart", async ({
  page,
}) => {
  await page.goto("/cart/");
  await expect(page.getByText("Nothing in it yet.")).toBeVisible();

  await add(page, "mangoes", "3");
  await expect(page.getByRole("textbox", { name: "mangoes" })).toHaveValue("3");
  await expect(status(page)).toHaveText("Quantity of mangoes: 3.");
  await add(page, "plums", "12");
  await expect(page.getByRole("textbox", { name: "plums" })).toHaveValue("12");
  await add(page, "mangoes", "4");
  await expect(page.getByRole("textbox", { name: "mangoes" })).toHaveValue("7");

  await page.getByRole("textbox", { name: "plums" }).fill("5");
  await page.getByRole("button", { name: "Change plums" }).click();
  await expect(status(page)).toHaveText("Quantity of plums: 5.");
  await page.reload();
  await expect(page.getByRole("textbox", { name: "plums" })).toHaveValue("5");

  await page.getByRole("button", { name: "Remove mangoes" }).click();
  await expect(status(page)).toHaveText("Removed the mangoes.");
  await expect(inCart(page).getByRole("listitem")).toHaveCount(1);
  await page.reload();
  await expect(inCart(page).getByRole("listitem")).toHaveCount(1);

  await page.getByRole("button", { name: "Empty the cart" }).click();
  await expect(page.getByText("Nothing in it yet.")).toBeVisible();
  await page.reload();
  await expect(page.getByText("Nothing in it yet.")).toBeVisible();
});

test("the cart that the tutorial's route made is the cart on the cart's page", async ({
  visitor,
}) => {
  await visitor.get("/session/");
  const cart = { pineapples: "10", apples: "20", mangoes: "30" };
  expect(cartIn(await visitor.get("/cart/"))).toEqual(cart);
});

test("the keyboard alone changes a quantity and removes a fruit, and a message says what happened", async ({
  page,
}) => {
  await page.goto("/cart/");
  await add(page, "pears", "2");

  const pears = page.getByRole("textbox", { name: "pears" });
  await expect(pears).toBeVisible();
  await pears.focus();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("8");
  await page.keyboard.press("Enter");
  await expect(status(page)).toHaveText("Quantity of pears: 8.");
  await expect(pears).toHaveValue("8");
  await expect(pears).toBeFocused();

  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Remove pears" })).toBeFocused();
  await page.keyboard.press("Space");
  await expect(status(page)).toHaveText("Removed the pears.");
  await expect(status(page)).toBeFocused();
});

test("what is typed before the scripts have loaded stays", async ({ page }) => {
  await page.goto("/session/");
  let loadScripts = () => {};
  const untilTyped = new Promise<void>((resolve) => {
    loadScripts = resolve;
  });
  await page.route("**/*.js*", async (route) => {
    await untilTyped;
    await route.continue();
  });

  await page.goto("/cart/", { waitUntil: "commit" });
  await page.getByRole("textbox", { name: "pineapples" }).fill("55");
  await page.getByLabel("Quantity").fill("66");
  loadScripts();
  await page.waitForFunction(() => {
    const field = document.querySelector("#quantity") as Element;
    return Object.keys(field).some((key) => key.startsWith("__reactProps"));
  });

  await page.getByRole("button", { name: "Change pineapples" }).click();
  await expect(status(page)).toHaveText("Quantity of pineapples: 55.");
  await expect(page.getByRole("textbox", { name: "pineapples" })).toHaveValue("55");
  await expect(page.getByLabel("Quantity")).toHaveValue("66");
});

for (const quantity of ["0", "-3", "2.5", "1000", "1e3 plums", "", "NaN", "Infinity"]) {
  test(`a forged quantity of “${quantity}” is refused with a reason, and nothing is saved`, async ({
    visitor,
  }) => {
    const answer = await visitor.press("/cart/", "Add to the cart", { fruit: "plums", quantity });
    expect(statusIn(answer)).toBe("Nothing changed: 1 to 999 of a fruit, in whole numbers.");
    expect(cartIn(answer)).toEqual({});
    expect(answer.setCookies).toEqual([]);
  });
}

for (const fruit of ["stones", "__proto__", "constructor"]) {
  test(`a forged fruit “${fruit}” is refused by its name`, async ({ visitor }) => {
    const answer = await visitor.press("/cart/", "Add to the cart", { fruit, quantity: "1" });
    expect(statusIn(answer)).toBe(`“${fruit}” is not sold here.`);
    expect(answer.setCookies).toEqual([]);
  });
}

test("more than 999 of a fruit cannot be added up", async ({ page }) => {
  await page.goto("/cart/");
  await add(page, "plums", "600");
  await expect(page.getByRole("textbox", { name: "plums" })).toHaveValue("600");
  await add(page, "plums", "600");
  await expect(status(page)).toContainText("Nothing changed");
  await expect(page.getByRole("textbox", { name: "plums" })).toHaveValue("600");
});
