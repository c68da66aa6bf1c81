import { type BrowserContext, expect, type Page, test } from "@playwright/test";
import { getIronSession } from "iron-session";
import { type Server, startDemo, startHandler, startReverseProxy } from "./support/servers";

// One after the other: those of a format share its server.
test.describe.configure({ mode: "default" });

const password = process.env.SESSION_SECRET as string;

const layouts = {
  signed: /^\.?[\w-]+\.[\w-]+\.[\w-]{43}$/,
  sealed: /^Fe26\.2\*/,
  flask: /^\.?[\w-]+\.[\w-]+\.[\w-]{27}$/,
};

async function expectTotal(page: Page, visits: number) {
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`Total visits: ${visits}`);
}

async function sessionCookie(context: BrowserContext) {
  const [cookie, ...others] = await context.cookies();
  expect(others).toEqual([]);
  if (!cookie) throw new Error("There is no cookie");
  return cookie;
}

/** Every run of base64url in a cookie's value, as the bytes it may stand for. */
function decodedParts(value: string): string {
  return value
    .split(/[^\w-]+/)
    .flatMap((part) => [0, 1, 2, 3].map((skip) => Buffer.from(part.slice(skip), "base64url")))
    .join("\n");
}

for (const [format, layout] of Object.entries(layouts)) {
  test.describe(`with SESSION_FORMAT=${format}`, () => {
    let demo: Server;
    test.beforeAll(async () => {
      test.setTimeout(120_000);
      demo = await startDemo({ SESSION_FORMAT: format });
    });
    test.afterAll(() => demo.stop());

    // A function, since the port is known when the server is.
    const url = (path: string) => `http://localhost:${demo.port}${path}`;

    test("the demo counts, fills a cart and tells the cookie's parts", async ({
      page,
      context,
    }) => {
      for (const visits of [1, 2, 3]) {
        await page.goto(url("/visits-counter/"));
        await expectTotal(page, visits);
      }
      await page.goto(url("/session/"));
      await page.goto(url("/cart/"));
      await page.getByRole("textbox", { name: "mangoes" }).fill("31");
      await page.getByRole("button", { name: "Change mangoes" }).click();
      await expect(page.getByRole("main").getByRole("status")).toHaveText(
        "Quantity of mangoes: 31.",
      );

      const { value } = await sessionCookie(context);
      expect(value).toMatch(layout);
      await page.goto(url("/"));
      await expect(page.locator(".specimen")).toContainText(value.split(".").at(-1) as string);
      await expect(page.locator(".specimen")).toContainText(/matches/);
      await expect(page.getByRole("region", { name: "The session on this page" })).toContainText(
        '"mangoes": "31"',
      );
    });

    test(`its cookie shows ${format === "sealed" ? "nothing" : "all"} of the payload`, async ({
      page,
      context,
    }) => {
      await page.goto(url("/visits-counter/"));
      const { value } = await sessionCookie(context);
      const shown = value + decodedParts(value);
      if (format === "sealed") expect(shown).not.toMatch(/visits/i);
      else expect(shown).toContain('{"visits":1}');
    });

    // Flask's cookie has another name.
    if (format !== "sealed") return;

    test("who brings a signed cookie is counted on, in this format", async ({
      page,
      context,
      baseURL,
    }) => {
      await page.goto(`${baseURL}/visits-counter/`);
      expect((await sessionCookie(context)).value).toMatch(layouts.signed);
      await page.goto(url("/visits-counter/"));
      await expectTotal(page, 2);
      expect((await sessionCookie(context)).value).toMatch(layout);
    });
  });
}

test("who logged in with iron-session is still logged in after the switch", async ({
  page,
  context,
  baseURL,
}) => {
  const before = await startHandler(async (request, response) => {
    if (request.url === "/favicon.ico") {
      response.writeHead(404).end();
      return;
    }
    const session = await getIronSession<{ visits: number; cart: object }>(request, response, {
      cookieName: "__Host-session",
      password,
    });
    session.visits = (session.visits ?? 0) + 1;
    session.cart = { plums: "12" };
    await session.save();
    response.end(`Total visits: ${session.visits}`);
  });
  const after = { port: Number(new URL(baseURL as string).port), stop: async () => {} };
  const servers: Record<string, Server> = { "/": before };
  const proxy = await startReverseProxy(servers);
  const visit = () => page.goto(`http://localhost:${proxy.port}/visits-counter/`);

  for (const visits of [1, 2]) {
    await visit();
    await expect(page.locator("body")).toHaveText(`Total visits: ${visits}`);
  }
  const old = await sessionCookie(context);
  expect(old.value).toMatch(/^Fe26\.2\*.*~2$/);

  servers["/"] = after;
  await page.goto(`http://localhost:${proxy.port}/`);
  await expect(page.getByRole("region", { name: "The session on this page" })).toContainText(
    '"visits": 2',
  );
  expect(await sessionCookie(context), "a page that only reads sets no cookie").toEqual(old);

  await visit();
  await expectTotal(page, 3);
  await expect(page.getByRole("switch", { name: "Permanent" })).toBeChecked();
  expect((await sessionCookie(context)).value).toMatch(layouts.signed);
  await page.goto(`http://localhost:${proxy.port}/cart/`);
  await expect(page.getByRole("textbox", { name: "plums" })).toHaveValue("12");

  await proxy.stop();
  await before.stop();
});
