import { type BrowserContext, expect } from "@playwright/test";
import { getIronSession } from "iron-session";
import { test, Visitor } from "../../fixture/e2e/support/visitor";
import { sessionIn, statusIn, visitsIn } from "./support/page";
import { type Server, startDemo, startHandler, startReverseProxy } from "./support/servers";

// One after the other: those of a format share its server.
test.describe.configure({ mode: "default" });

const password = process.env.SESSION_SECRET as string;

const layouts = {
  signed: /^\.?[\w-]+\.[\w-]+\.[\w-]{43}$/,
  sealed: /^Fe26\.2\*/,
  flask: /^\.?[\w-]+\.[\w-]+\.[\w-]{27}$/,
};

async function expectVisit(visitor: Visitor, visits: number) {
  expect(visitsIn(await visitor.get("/visits-counter/"))).toBe(visits);
}

/** The value of the only one. */
function cookieOf({ cookies }: Visitor): string {
  const [value = "", ...others] = cookies.values();
  expect(others).toEqual([]);
  return value;
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

    const newVisitor = (cookies?: Visitor["cookies"]) =>
      new Visitor(`http://localhost:${demo.port}`, cookies);

    test("the demo counts, fills a cart and shows the cookie's parts", async () => {
      const visitor = newVisitor();
      for (const visits of [1, 2, 3]) await expectVisit(visitor, visits);
      await visitor.get("/session/");
      const change = { fruit: "mangoes", quantity: "31" };
      expect(statusIn(await visitor.press("/cart/", "Change", change))).toBe(
        "Quantity of mangoes: 31.",
      );

      const value = cookieOf(visitor);
      expect(value).toMatch(layout);
      const page = await visitor.get("/");
      const specimen = /<dl class="specimen">.*?<\/dl>/s.exec(page.body)?.[0];
      expect(specimen).toContain(value.split(".").at(-1));
      expect(specimen).toContain("matches");
      expect(sessionIn(page)).toEqual({
        visits: 3,
        cart: { pineapples: "10", apples: "20", mangoes: "31" },
      });
    });

    test(`its cookie shows ${format === "sealed" ? "nothing" : "all"} of the payload`, async () => {
      const visitor = newVisitor();
      await visitor.get("/visits-counter/");
      const value = cookieOf(visitor);
      const shown = value + decodedParts(value);
      if (format === "sealed") expect(shown).not.toMatch(/visits/i);
      else expect(shown).toContain('{"visits":1}');
    });

    // Flask's cookie has another name.
    if (format !== "sealed") return;

    test("a visitor with a signed cookie is counted on, in this format", async ({ visitor }) => {
      await visitor.get("/visits-counter/");
      expect(cookieOf(visitor)).toMatch(layouts.signed);
      const later = newVisitor(visitor.cookies);
      await expectVisit(later, 2);
      expect(cookieOf(later)).toMatch(layout);
    });
  });
}

async function sessionCookie(context: BrowserContext) {
  const [cookie, ...others] = await context.cookies();
  expect(others).toEqual([]);
  if (!cookie) throw new Error("There is no cookie");
  return cookie;
}

test("a user who logged in with iron-session is still logged in after the switch", async ({
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
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Total visits: 3");
  await expect(page.getByRole("switch", { name: "Permanent" })).toBeChecked();
  expect((await sessionCookie(context)).value).toMatch(layouts.signed);
  await page.goto(`http://localhost:${proxy.port}/cart/`);
  await expect(page.getByRole("textbox", { name: "plums" })).toHaveValue("12");

  await proxy.stop();
  await before.stop();
});
