import { type BrowserContext, expect, type Page, test } from "@playwright/test";
import { expectToFit } from "../../apps/demo/e2e/support/layout.ts";
import { pythonWithFlask } from "../../scripts/flask.mjs";
import { anyFreePort } from "../../scripts/ports.mjs";
import { Example, type Server } from "./support/example.ts";

const python = pythonWithFlask();
if (!python && process.env.CI) {
  throw new Error("There is no python3 with Flask: apt-get install python3-flask");
}
if (!python) console.warn("SKIPPED, since no python3 here has Flask: examples/flask");
test.skip(!python, "There is no python3 with Flask: apt-get install python3-flask");

test.describe.configure({ mode: "default" });

let example: Example;
let server: Server;

test.beforeAll(async () => {
  test.setTimeout(300_000);
  example = await Example.copy("flask");
  server = await example.start("dev", {
    PYTHON: python as string,
    FLASK_URL: `http://127.0.0.1:${await anyFreePort()}`,
  });
});

test.afterAll(() => example?.remove());

async function expectCount(page: Page, framework: string, text: string) {
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(framework);
  await expect(page.getByText("The count is")).toHaveText(`The count is ${text}.`);
}

/** The only cookie, written by either of the two. */
async function sessionCookie(context: BrowserContext) {
  const [cookie, ...others] = await context.cookies();
  expect(others).toEqual([]);
  return cookie;
}

test("a count begun in Next.js goes on in Flask, and back in Next.js", async ({
  page,
  context,
}) => {
  await page.goto(server.origin);
  await expectCount(page, "Next.js", "0, last changed by nobody");
  expect(await sessionCookie(context)).toBeUndefined();
  await page.getByRole("button", { name: "Count in Next.js" }).click();
  await expectCount(page, "Next.js", "1, last changed by Next.js");

  await page.getByRole("link", { name: "Go on in Flask" }).click();
  await expectCount(page, "Flask", "1, last changed by Next.js");
  await page.getByRole("button", { name: "Count in Flask" }).click();
  await expectCount(page, "Flask", "2, last changed by Flask");

  await page.getByRole("link", { name: "Go on in Next.js" }).click();
  await expectCount(page, "Next.js", "2, last changed by Flask");
  await page.getByRole("button", { name: "Count in Next.js" }).click();
  await expectCount(page, "Next.js", "3, last changed by Next.js");
  expect(await sessionCookie(context)).toMatchObject({ name: "session", path: "/", expires: -1 });
});

test("what one of them forgets, the other forgets too", async ({ page, context }) => {
  for (const [here, there] of [
    ["Flask", "Next.js"],
    ["Next.js", "Flask"],
  ]) {
    await page.goto(server.origin + (here === "Flask" ? "/flask" : "/"));
    await page.getByRole("button", { name: `Count in ${here}` }).click();
    await expectCount(page, `${here}`, `1, last changed by ${here}`);
    await page.getByRole("link", { name: `Go on in ${there}` }).click();
    await expectCount(page, `${there}`, `1, last changed by ${here}`);
    await page.getByRole("button", { name: "Forget it" }).click();
    await expectCount(page, `${there}`, "0, last changed by nobody");
    expect(await sessionCookie(context)).toBeUndefined();
  }
});

test("it is Flask that answers, behind the port of Next.js", async ({ request }) => {
  const response = await request.get(`${server.origin}/flask`);
  expect(response.headers().server).toContain("Werkzeug");
});

for (const width of [390, 1280]) {
  test(`the pages fit a screen of ${width} pixels in light and dark, and axe finds nothing to object to`, async ({
    page,
  }) => {
    await page.setViewportSize({ width, height: 800 });
    for (const path of ["/", "/flask"]) {
      await page.goto(server.origin + path);
      await expect(page.getByText("The count is")).toBeVisible();
      await expectToFit(page);
    }
  });
}
