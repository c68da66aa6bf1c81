import {
  type APIRequestContext,
  type BrowserContext,
  expect,
  type Page,
  type Response,
  test,
} from "@playwright/test";

const day = 24 * 60 * 60;

const emptySession = '<h2 id="session">The session on this page</h2><pre>{}</pre>';

const total = (page: Page) => page.getByRole("heading", { name: /^Total visits: \d+$/ });

async function setCookies(response: Response | null) {
  const headers = (await response?.headersArray()) ?? [];
  return headers
    .filter(({ name }) => name.toLowerCase() === "set-cookie")
    .map(({ value }) => value);
}

async function sessionCookie(context: BrowserContext) {
  return (await context.cookies()).find(({ name }) => name === "__Host-session");
}

async function valueIn(request: APIRequestContext) {
  const { cookies } = await request.storageState();
  const cookie = cookies.find(({ name }) => name === "__Host-session");
  if (!cookie) throw new Error("The counter set no cookie");
  return cookie.value;
}

test("a view that changes nothing sends no cookie, and the first change does", async ({ page }) => {
  for (const path of ["/", "/cart/"]) {
    expect(await setCookies(await page.goto(path)), path).toEqual([]);
  }

  const [cookie, ...others] = await setCookies(await page.goto("/visits-counter/"));
  expect(cookie).toMatch(/^__Host-session=[\w-]+\.[\w-]+\.[\w-]+;/);
  expect(cookie).toMatch(/; Path=\//);
  expect(cookie).toMatch(/; HttpOnly/);
  expect(cookie).toMatch(/; SameSite=lax/i);
  expect(cookie).not.toMatch(/Expires|Max-Age/i);
  expect(others).toEqual([]);

  for (const path of ["/", "/cart/"]) {
    expect(await setCookies(await page.goto(path)), path).toEqual([]);
  }
});

test("the third load of the tutorial's cart changes 100 to 100, and sends no cookie", async ({
  page,
}) => {
  expect(await setCookies(await page.goto("/session/"))).toHaveLength(1);
  expect(await setCookies(await page.goto("/session/"))).toHaveLength(1);
  expect(await setCookies(await page.goto("/session/"))).toEqual([]);
});

test("an emptied session takes its cookie along", async ({ page, context }) => {
  await page.goto("/visits-counter/");
  expect(await sessionCookie(context)).toBeDefined();
  await page.goto("/delete-visits/");
  expect(await sessionCookie(context)).toBeUndefined();
});

test("no shared cache may keep an answer that carries a cookie", async ({ page }) => {
  const response = await page.goto("/visits-counter/");
  expect(response?.headers()["cache-control"]).toMatch(/private/);
  expect(response?.headers()["cache-control"]).toMatch(/no-store/);
});

test.describe("in a profile that outlives the browser", () => {
  const profile = () => test.info().outputPath("profile");

  test("the cookie of a browser session is gone after the browser closes", async ({
    playwright,
    baseURL,
  }) => {
    const before = await playwright.chromium.launchPersistentContext(profile(), { baseURL });
    await before.pages()[0]?.goto("/visits-counter/");
    expect(await sessionCookie(before)).toMatchObject({ expires: -1 });
    await before.close();

    const after = await playwright.chromium.launchPersistentContext(profile(), { baseURL });
    expect(await sessionCookie(after)).toBeUndefined();
    const page = await after.newPage();
    await page.goto("/visits-counter/");
    await expect(total(page)).toHaveText("Total visits: 1");
    await after.close();
  });

  test("the cookie of a permanent session is still there, and expires in 31 days", async ({
    playwright,
    baseURL,
  }) => {
    const before = await playwright.chromium.launchPersistentContext(profile(), { baseURL });
    const page = await before.newPage();
    await page.goto("/visits-counter/");
    await page.getByRole("switch", { name: "Permanent" }).click();
    await expect(page.getByRole("switch", { name: "Permanent" })).toBeChecked();
    await expect(page.getByText("The cookie is kept until")).toBeVisible();
    const { expires = 0 } = (await sessionCookie(before)) ?? {};
    expect(Math.abs(expires - Date.now() / 1000 - 31 * day)).toBeLessThan(60);
    await before.close();

    const after = await playwright.chromium.launchPersistentContext(profile(), { baseURL });
    expect(await sessionCookie(after)).toMatchObject({ expires });
    const again = await after.newPage();
    await again.goto("/visits-counter/");
    await expect(total(again)).toHaveText("Total visits: 2");
    await expect(again.getByRole("switch", { name: "Permanent" })).toBeChecked();
    await after.close();
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
      request,
    }) => {
      for (let visit = 0; visit < 3; visit++) await request.get("/visits-counter/");
      const bad = withChangedPart(await valueIn(request), index);
      const headers = { cookie: `__Host-session=${bad}` };

      const response = await request.get("/", { headers });
      expect(response.status()).toBe(200);
      expect(await response.text()).toContain(emptySession);

      const replaced = await request.get("/visits-counter/", { headers });
      expect(replaced.status()).toBe(200);
      expect(await replaced.text()).toContain("<h1>Total visits: 1</h1>");
      expect(await valueIn(request)).not.toBe(bad);

      const next = await request.get("/visits-counter/");
      expect(await next.text()).toContain("<h1>Total visits: 2</h1>");
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
    test(`a cookie of ${kind} is no error for the visitor`, async ({ request }) => {
      const headers = { cookie: `__Host-session=${value}` };
      for (const path of paths) {
        expect((await request.get(path, { headers })).status(), path).toBe(200);
      }
      const counted = await request.get("/visits-counter/", { headers });
      expect(await counted.text()).toContain("<h1>Total visits: 1</h1>");
    });
  }

  test("is no error in a browser", async ({ page }) => {
    await page.setExtraHTTPHeaders({ cookie: "__Host-session=hello" });
    for (const path of paths) expect((await page.goto(path))?.status(), path).toBe(200);
    await page.goto("/visits-counter/");
    await expect(total(page)).toHaveText("Total visits: 1");
  });
});

test("the front page tells each part of the cookie apart", async ({ page, context }) => {
  await page.goto("/visits-counter/");
  await page.goto("/");
  const { value = "" } = (await sessionCookie(context)) ?? {};
  for (const part of value.split("."))
    await expect(page.getByText(part, { exact: true })).toBeVisible();
  await expect(page.getByText('"visits":1').first()).toBeVisible();
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
