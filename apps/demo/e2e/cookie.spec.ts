import { type BrowserContext, type Cookie, expect, type Page } from "@playwright/test";
import { test, type Visitor } from "../../fixture/e2e/support/visitor";
import { sessionIn, visitsIn } from "./support/page";

const day = 24 * 60 * 60;
const name = "__Host-session";

const total = (page: Page) => page.getByRole("heading", { name: /^Total visits: \d+$/ });

async function sessionCookie(context: BrowserContext, url?: string) {
  return (await context.cookies(url)).find((cookie) => cookie.name === name);
}

function cookieOf(visitor: Visitor): string {
  const value = visitor.cookies.get(name);
  if (value === undefined) throw new Error("The counter set no cookie");
  return value;
}

test("a view that changes nothing sends no cookie, and the first change does", async ({
  visitor,
}) => {
  for (const path of ["/", "/cart/"]) {
    expect((await visitor.get(path)).setCookies, path).toEqual([]);
  }

  const [cookie, ...others] = (await visitor.get("/visits-counter/")).setCookies;
  expect(cookie).toMatch(/^__Host-session=[\w-]+\.[\w-]+\.[\w-]+;/);
  expect(cookie).toMatch(/; Path=\//);
  expect(cookie).toMatch(/; HttpOnly/);
  expect(cookie).toMatch(/; SameSite=lax/i);
  expect(cookie).not.toMatch(/Expires|Max-Age/i);
  expect(others).toEqual([]);

  for (const path of ["/", "/cart/"]) {
    expect((await visitor.get(path)).setCookies, path).toEqual([]);
  }
});

test("the third load of the tutorial's cart changes 100 to 100, and sends no cookie", async ({
  visitor,
}) => {
  expect((await visitor.get("/session/")).setCookies).toHaveLength(1);
  expect((await visitor.get("/session/")).setCookies).toHaveLength(1);
  expect((await visitor.get("/session/")).setCookies).toEqual([]);
});

test("an emptied session takes its cookie along", async ({ visitor }) => {
  await visitor.get("/visits-counter/");
  expect([...visitor.cookies.keys()]).toEqual([name]);
  await visitor.get("/delete-visits/");
  expect(visitor.cookies.size).toBe(0);
});

test("no shared cache may keep an answer that carries a cookie", async ({ visitor }) => {
  const { headers } = await visitor.get("/visits-counter/");
  expect(headers.get("cache-control")).toMatch(/private/);
  expect(headers.get("cache-control")).toMatch(/no-store/);
});

test.describe("in a profile that outlives the browser", () => {
  // Two starts of Chromium are enough for both tests: each has a host, and so a cookie, of its own.
  test.describe.configure({ mode: "default" });
  let counters: { untilClosed: string; permanent: string };
  let untilClosed: Cookie | undefined;
  let permanent: Cookie | undefined;
  let after: BrowserContext;

  test.beforeAll(async ({ playwright, baseURL }) => {
    const counter = new URL("/visits-counter/", baseURL).href;
    counters = { untilClosed: counter, permanent: counter.replace("//", "//app.") };
    const profile = test.info().outputPath("profile");
    const before = await playwright.chromium.launchPersistentContext(profile);
    const [page = await before.newPage()] = before.pages();
    await page.goto(counters.untilClosed);
    await page.goto(counters.permanent);
    await page.getByRole("switch", { name: "Permanent" }).click();
    await expect(page.getByRole("switch", { name: "Permanent" })).toBeChecked();
    await expect(page.getByText("The cookie is kept until")).toBeVisible();
    untilClosed = await sessionCookie(before, counters.untilClosed);
    permanent = await sessionCookie(before, counters.permanent);
    await before.close();
    after = await playwright.chromium.launchPersistentContext(profile);
  });

  test.afterAll(() => after.close());

  test("the cookie of a browser session is gone after the browser closes", async () => {
    expect(untilClosed).toMatchObject({ expires: -1 });
    expect(await sessionCookie(after, counters.untilClosed)).toBeUndefined();
    const page = await after.newPage();
    await page.goto(counters.untilClosed);
    await expect(total(page)).toHaveText("Total visits: 1");
  });

  test("the cookie of a permanent session is still there, and expires in 31 days", async () => {
    const { expires = 0 } = permanent ?? {};
    expect(Math.abs(expires - Date.now() / 1000 - 31 * day)).toBeLessThan(60);
    expect(await sessionCookie(after, counters.permanent)).toMatchObject({ expires });
    const page = await after.newPage();
    await page.goto(counters.permanent);
    await expect(total(page)).toHaveText("Total visits: 2");
    await expect(page.getByRole("switch", { name: "Permanent" })).toBeChecked();
  });
});

test("a permanent session can be made a browser session again", async ({ page, context }) => {
  await page.goto("/visits-counter/");
  const permanent = page.getByRole("switch", { name: "Permanent" });
  await permanent.click();
  await expect(permanent).toBeChecked();
  await permanent.click();
  await expect(permanent).not.toBeChecked();
  await expect(page.getByText("The cookie ends when the browser closes.")).toBeVisible();
  expect(await sessionCookie(context)).toMatchObject({ expires: -1 });
});

test.describe("with one character of the cookie changed", () => {
  const parts = ["payload", "timestamp", "signature"];

  for (const [index, part] of parts.entries()) {
    test(`in its ${part}, a new session starts and the bad cookie is replaced`, async ({
      visitor,
    }) => {
      for (let visit = 0; visit < 3; visit++) await visitor.get("/visits-counter/");
      const bad = withChangedPart(cookieOf(visitor), index);
      visitor.cookies.set(name, bad);

      const page = await visitor.get("/");
      expect(page.status).toBe(200);
      expect(sessionIn(page)).toEqual({});

      const replaced = await visitor.get("/visits-counter/");
      expect(replaced.status).toBe(200);
      expect(visitsIn(replaced)).toBe(1);
      expect(cookieOf(visitor)).not.toBe(bad);

      expect(visitsIn(await visitor.get("/visits-counter/"))).toBe(2);
    });
  }

  test("a browser takes the new cookie in place of the bad one", async ({ page, context }) => {
    await page.goto("/visits-counter/");
    await page.goto("/visits-counter/");
    const good = await sessionCookie(context);
    if (!good) throw new Error("The counter set no cookie");
    await context.addCookies([{ ...good, value: withChangedPart(good.value, 2) }]);

    await page.goto("/visits-counter/");
    await expect(total(page)).toHaveText("Total visits: 1");
    await page.reload();
    await expect(total(page)).toHaveText("Total visits: 2");
  });

  function withChangedPart(value: string, index: number) {
    return value
      .split(".")
      .map((text, at) => (at === index ? changeFirstCharacter(text) : text))
      .join(".");
  }

  function changeFirstCharacter(text: string) {
    return (text.startsWith("A") ? "B" : "A") + text.slice(1);
  }
});

test.describe("a malformed cookie", () => {
  const paths = ["/", "/visits-counter/", "/cart/", "/session/", "/delete-visits/"];

  for (const [kind, value] of Object.entries({
    "an empty value": "",
    "a word": "hello",
    "dots alone": "...",
    "3 KB of one letter": "x".repeat(3000),
    "percent signs": "%E0%A4%A",
    "another library's seal": "Fe26.2**deadbeef*c2Fs*aXY*Y2lwaGVy**aG1hYw*c2ln",
  })) {
    test(`a cookie of ${kind} is no error for the visitor`, async ({ visitor }) => {
      for (const path of paths) {
        visitor.cookies.set(name, value);
        expect((await visitor.get(path)).status, path).toBe(200);
      }
      visitor.cookies.set(name, value);
      expect(visitsIn(await visitor.get("/visits-counter/"))).toBe(1);
    });
  }

  test("is no error in a browser", async ({ page }) => {
    await page.setExtraHTTPHeaders({ cookie: "__Host-session=hello" });
    for (const path of paths) expect((await page.goto(path))?.status(), path).toBe(200);
    await page.goto("/visits-counter/");
    await expect(total(page)).toHaveText("Total visits: 1");
  });
});

test("the front page shows each part of the cookie", async ({ visitor }) => {
  await visitor.get("/visits-counter/");
  const { body } = await visitor.get("/");
  for (const part of cookieOf(visitor).split(".")) {
    expect(body).toContain(`<p class="cookie">${part}</p>`);
  }
  expect(body).toContain("<p>{&quot;visits&quot;:1}</p>");
});

test("a visitor who changes a character of the value sees that the signature is bad", async ({
  page,
}) => {
  await page.goto("/visits-counter/");
  await page.goto("/");
  const value = page.getByRole("textbox", { name: "Whatever you change" });
  const answer = page.getByRole("region", { name: "Change a character" }).getByRole("status");

  await page.getByRole("button", { name: "Decode it" }).click();
  await expect(answer).toContainText('"visits": 1');

  const changed = (await value.inputValue()).replace(/.$/, (last) => (last === "A" ? "B" : "A"));
  await value.fill(changed);
  await page.getByRole("button", { name: "Decode it" }).click();
  await expect(answer).toContainText("bad-signature");
  await expect(value).toHaveValue(changed);
});
