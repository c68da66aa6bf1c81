import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, devices, expect, type Page, test } from "@playwright/test";
import { expectToFit } from "./support/layout";
import { type Server, startDemo } from "./support/servers";

let folder: string;
let demo: Server;

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "demo-"));
  demo = await startDemo({ SESSION_STORE: `sqlite:${join(folder, "sessions.db")}` });
});

test.afterAll(async () => {
  await demo.stop();
  rmSync(folder, { recursive: true, force: true });
});

const devicesPage = () => `http://localhost:${demo.port}/devices/`;
const list = (page: Page) => page.getByRole("list", { name: "Logged in" });
const items = (page: Page) => list(page).getByRole("listitem");

async function logIn(page: Page, name: string) {
  await page.goto(devicesPage());
  await page.getByLabel("Name").fill(name);
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(list(page)).toBeVisible();
}

async function phoneOf(browser: Browser) {
  const context = await browser.newContext(devices["iPhone 14"]);
  return context.newPage();
}

test("one device lists the user's others, and no other user's, and logs one out", async ({
  page,
  browser,
}) => {
  await logIn(page, "ada");
  await expect(items(page)).toHaveText([/^Chrome on Linux, this one/]);
  const phone = await phoneOf(browser);
  await logIn(phone, "ada");
  const stranger = await phoneOf(browser);
  await logIn(stranger, "bob");

  await page.reload();
  await expect(page.getByText("ada is logged in on 2 devices.")).toBeVisible();
  const [own, other] = [
    items(page).filter({ hasText: "Chrome on Linux, this one" }),
    items(page).filter({ hasText: "Safari on an iPhone" }),
  ];
  await expect(own).toContainText("Last seen");
  await other.getByRole("button", { name: "Log out" }).click();
  await expect(items(page)).toHaveCount(1);

  await phone.reload();
  await expect(phone.getByLabel("Name")).toBeVisible();
  await stranger.reload();
  await expect(items(stranger)).toHaveCount(1);
});

test("log out all other devices leaves this one, and a logout here ends it", async ({
  page,
  browser,
}) => {
  const others = await Promise.all([phoneOf(browser), phoneOf(browser)]);
  for (const other of others) await logIn(other, "grace");
  await logIn(page, "grace");
  await expect(items(page)).toHaveCount(3);
  await page.getByRole("button", { name: "Log out all other devices" }).click();
  await expect(items(page)).toHaveText([/, this one/]);
  for (const other of others) {
    await other.reload();
    await expect(other.getByLabel("Name")).toBeVisible();
  }
  await page.reload();
  await page.getByRole("button", { name: "Log out" }).click();
  await expect(page.getByLabel("Name")).toBeVisible();
});

test("an id of another user's session, sent by hand, ends nothing", async ({ page, browser }) => {
  const [one, two] = [await phoneOf(browser), await phoneOf(browser)];
  for (const device of [one, two]) await logIn(device, "lin");
  const stolen = await two.locator('input[name="sessionId"]').inputValue();

  await logIn(await phoneOf(browser), "mallory");
  await logIn(page, "mallory");
  await page.locator('input[name="sessionId"]').evaluate((input, value) => {
    (input as HTMLInputElement).value = value;
  }, stolen);
  await items(page).filter({ hasText: "iPhone" }).getByRole("button", { name: "Log out" }).click();
  await page.waitForLoadState("networkidle");
  await one.reload();
  await expect(items(one)).toHaveCount(2);
});

test("the page works without JavaScript", async ({ browser }) => {
  const [one, two] = await Promise.all(
    [0, 1].map(async () => (await browser.newContext({ javaScriptEnabled: false })).newPage()),
  );
  if (!one || !two) throw new Error("There is no page");
  await logIn(one, "alan");
  await logIn(two, "alan");
  await expect(items(two)).toHaveCount(2);
  await two.getByRole("button", { name: "Log out all other devices" }).click();
  await expect(items(two)).toHaveCount(1);
  // A reload would send the form once more.
  await one.goto(devicesPage());
  await expect(one.getByLabel("Name")).toBeVisible();
});

test("without a store there is no such page", async ({ page }) => {
  expect((await page.goto("/devices/"))?.status()).toBe(404);
  await expect(page.getByRole("navigation").getByRole("link", { name: "Devices" })).toHaveCount(0);
});

for (const name of ["a visitor who is logged in on two devices", "a guest"]) {
  test(`the devices of ${name} fit the screen in light and dark, and axe finds nothing to object to`, {
    tag: "@layout",
  }, async ({ page, browser }) => {
    if (name === "a guest") await page.goto(devicesPage());
    else {
      const user = `ada ${test.info().project.name}`;
      await logIn(await phoneOf(browser), user);
      await logIn(page, user);
      await expect(items(page)).toHaveCount(2);
    }
    await expectToFit(page);
  });
}
