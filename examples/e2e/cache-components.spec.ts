import { expect, type Page, test } from "@playwright/test";
import { expectToFit } from "../../apps/demo/e2e/support/layout.ts";
import { Example, type Server } from "./support/example.ts";

const ada = { email: "ada@example.com", password: "analytical engine" };
const grace = { email: "grace@example.com", password: "flow-matic 1955" };

// One after the other: all share the server that is started once.
test.describe.configure({ mode: "default" });

let example: Example;
let server: Server;

test.beforeAll(async () => {
  test.setTimeout(300_000);
  example = await Example.copy("cache-components");
  server = await example.serve();
});

test.afterAll(() => example?.remove());

const notes = (page: Page) => page.getByRole("list", { name: "Your notes" }).getByRole("listitem");
const heading = (page: Page) => page.getByRole("heading", { level: 1 });

async function fillIn(page: Page, { email, password }: typeof ada) {
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Log in" }).click();
}

async function logIn(page: Page, user = ada) {
  await page.goto(`${server.origin}/login`);
  await fillIn(page, user);
  await expect(page.getByText("Logged in as")).toBeVisible();
}

async function logOut(page: Page) {
  await page.getByRole("button", { name: "Log out" }).click();
  await expect(heading(page)).toHaveText("Log in");
}

async function addNote(page: Page, text: string) {
  await page.getByLabel("New note").fill(text);
  await page.getByRole("button", { name: "Add" }).click();
  await expect(notes(page).filter({ hasText: text })).toBeVisible();
}

test("a guest is sent to the login by the proxy, without JavaScript", async ({ request }) => {
  for (const path of ["/", "/notes/1"]) {
    const response = await request.get(server.origin + path, { maxRedirects: 0 });
    expect(response.status()).toBe(307);
    expect(response.headers().location).toBe("/login");
  }
});

test("the static shell has the announcements, and the user comes after it", async ({ page }) => {
  await logIn(page);
  const html = await (await page.request.get(server.origin)).text();
  const endOfShell = html.indexOf("</main>");
  const [announcement, notes, name] = [
    "This list is built once",
    "Finish the notes",
    "Ada Lovelace",
  ].map((text) => html.indexOf(text));
  expect(announcement).toBeGreaterThan(0);
  expect(announcement).toBeLessThan(endOfShell);
  expect(notes).toBeGreaterThan(endOfShell);
  expect(name).toBeGreaterThan(endOfShell);
});

test("a wrong password and an unknown address get the same answer", async ({ page, context }) => {
  const answers: (string | null)[] = [];
  for (const wrong of [
    { ...ada, password: "difference engine" },
    { ...ada, email: "nobody@example.com" },
  ]) {
    await page.goto(`${server.origin}/login`);
    await fillIn(page, wrong);
    const alert = page.locator("main").getByRole("alert");
    await expect(alert).not.toBeEmpty();
    answers.push(await alert.textContent());
  }
  expect(new Set(answers).size).toBe(1);
  expect(await context.cookies()).toEqual([]);
});

test("a note that was added is in the list at once, and after a reload", async ({ page }) => {
  await logIn(page);
  await addNote(page, "Numbers of Bernoulli");
  await page.reload();
  await expect(notes(page).filter({ hasText: "Numbers of Bernoulli" })).toBeVisible();
});

test("a click on a note needs no server: it was prefetched, for this user", async ({
  page,
  context,
}) => {
  await logIn(page);
  await page.goto(server.origin, { waitUntil: "networkidle" });
  await context.setOffline(true);
  await page.getByRole("link", { name: "Finish the notes on the engine" }).click();
  await expect(heading(page)).toHaveText("Finish the notes on the engine");
});

test("in one tab, the next user sees nothing of the user before", async ({ page }) => {
  await logIn(page);
  await page.getByRole("link", { name: "Finish the notes on the engine" }).click();
  await expect(heading(page)).toHaveText("Finish the notes on the engine");
  const adasNote = page.url();
  await page.getByRole("link", { name: "All notes" }).click();
  await logOut(page);

  await fillIn(page, grace);
  await expect(page.getByText("Logged in as Grace Hopper")).toBeVisible();
  await expect(notes(page)).toHaveCount(0);
  await addNote(page, "A compiler");
  await expect(notes(page)).toHaveText(["A compiler"]);

  await page.goto(adasNote);
  await expect(page.getByText("could not be found")).toBeVisible();
});

test("after a logout the back button shows nothing", async ({ page }) => {
  await logIn(page);
  await expect(notes(page).first()).toBeVisible();
  await logOut(page);
  await page.goBack();
  await expect(heading(page)).toHaveText("Log in");
  await expect(page.getByText("Finish the notes on the engine")).toBeHidden();
});

for (const width of [390, 1280]) {
  test(`the pages fit a screen of ${width} pixels in light and dark, and axe finds nothing to object to`, async ({
    page,
  }) => {
    await page.setViewportSize({ width, height: 800 });
    await page.goto(`${server.origin}/login`);
    await expectToFit(page);
    await logIn(page);
    await expect(notes(page).first()).toBeVisible();
    await expectToFit(page);
    await notes(page).first().getByRole("link").click();
    await expect(page.getByRole("link", { name: "All notes" })).toBeVisible();
    await expectToFit(page);
  });
}

test("`npm run dev` is all it takes", async ({ page }) => {
  test.setTimeout(120_000);
  const dev = await example.start("dev");
  await page.goto(dev.origin);
  await expect(heading(page)).toHaveText("Log in");
  await fillIn(page, ada);
  await expect(page.getByText("Logged in as Ada Lovelace")).toBeVisible();
  await dev.stop();
});
