import {
  type Browser,
  type BrowserContext,
  devices,
  expect,
  type Page,
  test,
} from "@playwright/test";
import { expectToFit } from "../../apps/demo/e2e/support/layout.ts";
import { Example, type Server } from "./support/example.ts";
import { fieldsOf, send } from "./support/forms.ts";

const day = 24 * 60 * 60;
const ada = { email: "ada@example.com", password: "analytical engine" };
const grace = { email: "grace@example.com", password: "flow-matic 1955" };

// One after the other: all share the server that is started once.
test.describe.configure({ mode: "default" });

let example: Example;
let server: Server;

test.beforeAll(async () => {
  test.setTimeout(300_000);
  example = await Example.copy("login");
  server = await example.serve();
});

test.afterAll(() => example?.remove());

const items = (page: Page) => page.getByRole("list", { name: "Devices" }).getByRole("listitem");
const heading = (page: Page) => page.getByRole("heading", { level: 1 });

async function fillIn(page: Page, { email, password }: typeof ada, remember = false) {
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByLabel("Remember me").setChecked(remember);
  await page.getByRole("button", { name: "Log in" }).click();
}

async function logIn(page: Page, user = ada, remember = false) {
  await page.goto(`${server.origin}/login`);
  await fillIn(page, user, remember);
  await expect(heading(page)).toHaveText(/^Hello, /);
}

async function sessionCookie(context: BrowserContext) {
  const [cookie, ...others] = await context.cookies();
  expect(others).toEqual([]);
  return cookie;
}

test("a wrong password and an unknown address get the same answer, and no session", async ({
  page,
  context,
}) => {
  const answers: (string | null)[] = [];
  for (const wrong of [
    { ...ada, password: "difference engine" },
    { ...ada, email: "nobody@example.com" },
  ]) {
    await page.goto(`${server.origin}/login`);
    await fillIn(page, wrong, true);
    const alert = page.locator("main").getByRole("alert");
    await expect(alert).not.toBeEmpty();
    answers.push(await alert.textContent());
    await expect(page.getByLabel("Email")).toHaveValue(wrong.email);
    await expect(page.getByLabel("Password")).toHaveValue("");
    await expect(page.getByLabel("Remember me")).toBeChecked();
  }
  expect(new Set(answers).size).toBe(1);
  expect(await sessionCookie(context)).toBeUndefined();
});

test("without “remember me” the cookie ends with the browser", async ({ page, context }) => {
  await logIn(page);
  await expect(heading(page)).toHaveText("Hello, Ada Lovelace");
  await expect(page.getByText("does not remember you")).toBeVisible();
  expect(await sessionCookie(context)).toMatchObject({
    name: "__Host-session",
    expires: -1,
    httpOnly: true,
    secure: true,
    sameSite: "Lax",
  });
});

test("with “remember me” the cookie is kept for 31 days", async ({ page, context }) => {
  await logIn(page, ada, true);
  await expect(page.getByText("remembers you")).toBeVisible();
  const { expires = 0 } = (await sessionCookie(context)) ?? {};
  expect(Math.abs(expires - Date.now() / 1000 - 31 * day)).toBeLessThan(60);
});

test("the login leads to the page that was asked for", async ({ page }) => {
  await page.goto(`${server.origin}/devices`);
  await expect(page).toHaveURL(`${server.origin}/login?next=%2Fdevices`);
  await fillIn(page, ada);
  await expect(heading(page)).toHaveText("Your devices");
});

for (const elsewhere of [
  "https://example.com/",
  "//example.com",
  "/\\example.com",
  "/\t/example.com",
  "/.//example.com",
  "javascript:alert(1)",
]) {
  test(`the login leads to no other site: ${JSON.stringify(elsewhere)}`, async ({ page }) => {
    await page.goto(`${server.origin}/login?next=${encodeURIComponent(elsewhere)}`);
    await fillIn(page, ada);
    await expect(heading(page)).toHaveText("Hello, Ada Lovelace");
    expect(new URL(page.url()).origin).toBe(server.origin);
  });
}

test("a login gets a new id, and the cookie of the earlier login is worth nothing", async ({
  page,
  context,
  browser,
}) => {
  await logIn(page, grace);
  const earlier = await sessionCookie(context);
  await logIn(page, ada);
  const later = await sessionCookie(context);
  expect(later?.value).not.toBe(earlier?.value);

  const thief = await browser.newContext();
  await thief.addCookies(earlier ? [earlier] : []);
  const page2 = await thief.newPage();
  await page2.goto(server.origin);
  await expect(heading(page2)).toHaveText("Log in");
});

test("a logout ends the session, also for a copy of the cookie", async ({
  page,
  context,
  browser,
}) => {
  await logIn(page);
  const copied = await sessionCookie(context);
  await page.getByRole("button", { name: "Log out" }).click();
  await expect(heading(page)).toHaveText("Log in");
  expect(await sessionCookie(context)).toBeUndefined();

  const thief = await browser.newContext();
  await thief.addCookies(copied ? [copied] : []);
  const page2 = await thief.newPage();
  await page2.goto(`${server.origin}/devices`);
  await expect(heading(page2)).toHaveText("Log in");
});

test.describe("your devices", () => {
  async function deviceOf(browser: Browser, kind: string, user: typeof ada) {
    const page = await (await browser.newContext(devices[kind])).newPage();
    await logIn(page, user);
    return page;
  }

  // Grace, whom no other test leaves logged in.
  test.beforeEach(async ({ page }) => {
    await logIn(page, grace);
    await page.getByRole("link", { name: "Your devices" }).click();
    await expect(items(page)).toHaveText([/^Chrome on Linux/]);
  });

  test.afterEach(async ({ page }) => {
    await page.getByRole("button", { name: "Log out here" }).click();
    await expect(heading(page)).toHaveText("Log in");
  });

  test("one device logs out another of the same user, at once", async ({ page, browser }) => {
    const phone = await deviceOf(browser, "iPhone 14", grace);
    const stranger = await deviceOf(browser, "Pixel 7", ada);
    await page.reload();
    await expect(items(page)).toHaveCount(2);
    await page.getByRole("button", { name: "Log out Safari on an iPhone" }).click();
    await expect(items(page)).toHaveText([/^Chrome on Linux/]);

    await phone.reload();
    await expect(heading(phone)).toHaveText("Log in");
    await stranger.reload();
    await expect(heading(stranger)).toHaveText("Hello, Ada Lovelace");
  });

  test("one device logs out all others", async ({ page, browser }) => {
    const others = [
      await deviceOf(browser, "iPhone 14", grace),
      await deviceOf(browser, "Pixel 7", grace),
    ];
    await page.reload();
    await expect(items(page)).toHaveCount(3);
    await page.getByRole("button", { name: "Log out all other devices" }).click();
    await expect(items(page)).toHaveText([/^Chrome on Linux/]);
    for (const other of others) {
      await other.reload();
      await expect(heading(other)).toHaveText("Log in");
    }
  });

  test("the id of another user's session ends nothing", async ({ page, browser }) => {
    const stranger = await deviceOf(browser, "Pixel 7", ada);
    await deviceOf(browser, "iPhone 14", ada);
    await stranger.goto(`${server.origin}/devices`);
    const stolen = await fieldsOf(stranger, "Log out Safari on an iPhone");

    const phone = await deviceOf(browser, "iPhone 14", grace);
    await page.reload();
    const own = await fieldsOf(page, "Log out Safari on an iPhone");
    await send(page, { ...own, sessionId: `${stolen.sessionId}` });
    await stranger.reload();
    await expect(items(stranger).filter({ hasText: "iPhone" })).toBeVisible();

    await send(page, own);
    await phone.reload();
    await expect(heading(phone), "its own id does").toHaveText("Log in");
  });

  test("a button of a device that was logged out leads to the login", async ({ page, browser }) => {
    const phone = await deviceOf(browser, "iPhone 14", grace);
    await phone.goto(`${server.origin}/devices`);
    await page.reload();
    await page.getByRole("button", { name: "Log out Safari on an iPhone" }).click();
    await expect(items(page)).toHaveCount(1);
    await phone.getByRole("button", { name: "Log out all other devices" }).click();
    await expect(heading(phone)).toHaveText("Log in");
    await page.reload();
    await expect(items(page)).toHaveCount(1);
  });
});

for (const width of [390, 1280]) {
  test(`the pages fit a screen of ${width} pixels in light and dark, and axe finds nothing to object to`, async ({
    page,
  }) => {
    await page.setViewportSize({ width, height: 800 });
    await page.goto(`${server.origin}/login`);
    await expectToFit(page);
    await fillIn(page, { ...ada, password: "wrong" });
    await expect(page.locator("main").getByRole("alert")).not.toBeEmpty();
    await expectToFit(page);
    await logIn(page, ada);
    await expectToFit(page);
    await page.getByRole("link", { name: "Your devices" }).click();
    await expect(items(page).first()).toBeVisible();
    await expectToFit(page);
  });
}

test("`npm run dev` is all it takes: it makes a secret of its own, and keeps it", async ({
  page,
  context,
}) => {
  test.setTimeout(120_000);
  const first = await example.start("dev");
  await page.goto(`${first.origin}/login`);
  await fillIn(page, ada, true);
  await expect(heading(page)).toHaveText("Hello, Ada Lovelace");
  expect(await sessionCookie(context)).toMatchObject({ name: "session", secure: false });
  const secret = example.read(".env.local");
  expect(secret).toMatch(/^SESSION_SECRET=[\w-]{43}\n$/);
  await first.stop();

  const second = await example.start("dev");
  expect(example.read(".env.local")).toBe(secret);
  await second.stop();
});
