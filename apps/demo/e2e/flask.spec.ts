import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type BrowserContext, expect, type Page } from "@playwright/test";
import { pythonWithFlask } from "../../../scripts/flask.mjs";
import { root } from "../../../scripts/toolchain.mjs";
import { type Answer, test, Visitor } from "../../fixture/e2e/support/visitor";
import { cartIn, visitsIn } from "./support/page";
import { type Server, startDemo, startFlask, startReverseProxy } from "./support/servers";

const day = 24 * 60 * 60;

const python = pythonWithFlask();
if (!python && process.env.CI) {
  throw new Error("There is no python3 with Flask: apt-get install python3-flask");
}
if (!python) console.warn("SKIPPED, since no python3 here has Flask: one session with Flask");
test.skip(!python, "apt-get install python3-flask");

// One after the other: all share the servers that are started once.
test.describe.configure({ mode: "default" });

let servers: Server[] = [];
let host = "";

test.beforeAll(async () => {
  test.setTimeout(120_000);
  const app = test.info().outputPath("app.py");
  writeFileSync(app, appOfTheGuide());
  const flask = await startFlask(python as string, app);
  servers = [flask];
  const demo = await startDemo({ SESSION_FORMAT: "flask" });
  servers = [demo, flask];
  const proxy = await startReverseProxy({ "/flask/": flask, "/": demo });
  servers = [proxy, demo, flask];
  host = `http://localhost:${proxy.port}`;
});

test.afterAll(async () => {
  for (const server of servers) await server.stop();
});

/** What the guide shows is what runs here. */
function appOfTheGuide(): string {
  const guide = readFileSync(join(root, "docs/guides/flask-and-next.md"), "utf8");
  const [, app, ...others] = guide.split(/^```py$(.*?)^```$/ms);
  if (app === undefined || others.length !== 1) throw new Error("The guide shows one Flask app");
  return app;
}

const visitFlask = (page: Page) => page.goto(`${host}/flask/`);
const visitNext = (page: Page) => page.goto(`${host}/visits-counter/`);

async function expectTotal(page: Page, visits: number) {
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`Total visits: ${visits}`);
}

async function expectVisit(visitor: Visitor, server: "Flask" | "Next.js", visits: number) {
  const answer = await visitor.get(server === "Flask" ? "/flask/" : "/visits-counter/");
  expect(visitsIn(answer)).toBe(visits);
  return answer;
}

/** The only cookie, written by either of the two. */
async function sessionCookie(context: BrowserContext) {
  const [cookie, ...others] = await context.cookies();
  expect(others).toEqual([]);
  return cookie;
}

function expectIn31Days(expires: number | undefined) {
  expect(Math.abs((expires ?? 0) - Date.now() / 1000 - 31 * day)).toBeLessThan(60);
}

async function expectKeptFor31Days(context: BrowserContext) {
  expectIn31Days((await sessionCookie(context))?.expires);
}

function expectToSayKeptFor31Days({ setCookies: [cookie = "", ...others] }: Answer) {
  expect(others).toEqual([]);
  const [, expires = ""] = /; Expires=([^;]+)/i.exec(cookie) ?? [];
  expectIn31Days(Date.parse(expires) / 1000);
}

test("a count begun in Flask goes on in Next.js, and back in Flask", async ({ page, context }) => {
  const response = await visitFlask(page);
  expect(response?.headers().server, "it is Flask that answers").toContain("Werkzeug");
  await expectTotal(page, 1);
  await visitFlask(page);
  await expectTotal(page, 2);

  await visitNext(page);
  await expectTotal(page, 3);
  await page.reload();
  await expectTotal(page, 4);

  await visitFlask(page);
  await expectTotal(page, 5);
  await visitNext(page);
  await expectTotal(page, 6);
  expect(await sessionCookie(context)).toMatchObject({
    name: "session",
    path: "/",
    httpOnly: true,
    secure: true,
    sameSite: "Lax",
    expires: -1,
  });
});

test("a count begun in Next.js goes on in Flask", async () => {
  const visitor = new Visitor(host);
  await expectVisit(visitor, "Next.js", 1);
  await expectVisit(visitor, "Flask", 2);
});

test("what Flask knows nothing of stays in the session", async () => {
  const visitor = new Visitor(host);
  await visitor.get("/session/");
  await expectVisit(visitor, "Flask", 1);
  await expectVisit(visitor, "Next.js", 2);
  expect(cartIn(await visitor.get("/cart/"))).toMatchObject({ mangoes: "30" });
});

test("a session made permanent in Flask is permanent in Next.js", async () => {
  const visitor = new Visitor(host);
  await expectVisit(visitor, "Flask", 1);
  await visitor.get("/flask/permanent/", { method: "POST" });
  expectToSayKeptFor31Days(await expectVisit(visitor, "Flask", 2));

  const answer = await expectVisit(visitor, "Next.js", 3);
  expect(answer.body).toMatch(/<button[^>]* role="switch" aria-checked="true"/);
  expect(answer.body).toContain("The cookie is kept until");
  expectToSayKeptFor31Days(answer);
});

test("a session made permanent in Next.js is permanent in Flask, until either takes it back", async ({
  page,
  context,
}) => {
  await visitNext(page);
  const permanent = page.getByRole("switch", { name: "Permanent" });
  await permanent.click();
  await expect(permanent).toBeChecked();
  await expectKeptFor31Days(context);

  await visitFlask(page);
  await expect(page.getByText("The cookie is kept.")).toBeVisible();
  await expectKeptFor31Days(context);

  await page.getByRole("button", { name: "Keep it" }).click();
  await expect(page.getByText("The cookie ends with the browser.")).toBeVisible();
  expect(await sessionCookie(context)).toMatchObject({ expires: -1 });

  await visitNext(page);
  await expect(permanent).not.toBeChecked();
  await permanent.click();
  await expect(permanent).toBeChecked();
  await permanent.click();
  await expect(permanent).not.toBeChecked();
  await visitFlask(page);
  await expect(page.getByText("The cookie ends with the browser.")).toBeVisible();
  expect(await sessionCookie(context)).toMatchObject({ expires: -1 });
});

test("what is deleted in Flask is gone in Next.js, and the cookie with it", async () => {
  const visitor = new Visitor(host);
  await expectVisit(visitor, "Next.js", 1);
  await expectVisit(visitor, "Flask", 2);
  const { body } = await visitor.get("/flask/delete/", { method: "POST" });
  expect(body).toBe("Visits deleted");
  expect(visitor.cookies.size).toBe(0);
  await expectVisit(visitor, "Next.js", 1);
});

test("what is deleted in Next.js is gone in Flask, and the cookie with it", async () => {
  const visitor = new Visitor(host);
  await expectVisit(visitor, "Flask", 1);
  await expectVisit(visitor, "Next.js", 2);
  expect(visitsIn(await visitor.press("/visits-counter/", "Delete the visits"))).toBe(0);
  expect(visitor.cookies.size).toBe(0);
  await expectVisit(visitor, "Flask", 1);
});
