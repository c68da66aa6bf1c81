import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { devices, expect, type Page } from "@playwright/test";
import { test, Visitor } from "../../fixture/e2e/support/visitor";
import { expectToFit, onEachScreen, phone } from "./support/layout";
import { type Server, startDemo } from "./support/servers";

// One after the other: all share the server that is started once.
test.describe.configure({ mode: "default" });

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

const home = () => `http://localhost:${demo.port}`;
const devicesPage = () => `${home()}/devices/`;
const list = (page: Page) => page.getByRole("list", { name: "Logged in" });
const items = (page: Page) => list(page).getByRole("listitem");
const otherDevice = "Log out <!-- -->A browser on a device";

async function logIn(page: Page, name: string) {
  await page.goto(devicesPage());
  await page.getByLabel("Name").fill(name);
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(list(page)).toBeVisible();
}

async function loggedIn(name: string): Promise<Visitor> {
  const visitor = new Visitor(home());
  await visitor.press("/devices/", "Log in", { name });
  return visitor;
}

/** How many the page lists: none for a guest, whom it asks for a name. */
async function devicesListedFor(visitor: Visitor): Promise<number> {
  const { body } = await visitor.get("/devices/");
  if (body.includes('<input autoComplete="username"')) return 0;
  return body.match(/<p>Last seen /g)?.length ?? Number.NaN;
}

test("one device lists the user's others, and no other user's, and logs one out", async ({
  page,
  browser,
}) => {
  await logIn(page, "ada");
  await expect(items(page)).toHaveText([/^Chrome on Linux, this one/]);
  const context = await browser.newContext(devices["iPhone 14"]);
  const iPhone = await context.newPage();
  await logIn(iPhone, "ada");
  const stranger = await loggedIn("bob");

  await page.reload();
  await expect(page.getByText("ada is logged in on 2 devices.")).toBeVisible();
  const [own, other] = [
    items(page).filter({ hasText: "Chrome on Linux, this one" }),
    items(page).filter({ hasText: "Safari on an iPhone" }),
  ];
  await expect(own).toContainText("Last seen");
  await other.getByRole("button", { name: "Log out" }).click();
  await expect(items(page)).toHaveCount(1);

  await iPhone.reload();
  await expect(iPhone.getByLabel("Name")).toBeVisible();
  await context.close();
  expect(await devicesListedFor(stranger)).toBe(1);
});

test("log out all other devices leaves this one, and a logout here ends it", async ({ page }) => {
  const others = [await loggedIn("grace"), await loggedIn("grace")];
  await logIn(page, "grace");
  await expect(items(page)).toHaveCount(3);
  await page.getByRole("button", { name: "Log out all other devices" }).click();
  await expect(items(page)).toHaveText([/, this one/]);
  for (const other of others) expect(await devicesListedFor(other)).toBe(0);
  await page.reload();
  await page.getByRole("button", { name: "Log out" }).click();
  await expect(page.getByLabel("Name")).toBeVisible();
});

test("an id of another user's session, sent by hand, ends nothing", async () => {
  const [one, two] = [await loggedIn("lin"), await loggedIn("lin")];
  const { body } = await two.get("/devices/");
  const stolen = /name="sessionId" value="([^"]+)"/.exec(body)?.[1] as string;

  await loggedIn("mallory");
  const mallory = await loggedIn("mallory");
  await mallory.press("/devices/", otherDevice, { sessionId: stolen });
  expect(await devicesListedFor(one)).toBe(2);
  await two.press("/devices/", otherDevice, { sessionId: stolen });
  expect(await devicesListedFor(one), "else this test shows nothing").toBe(0);
});

test("the page works without JavaScript", async () => {
  const [one, two] = [await loggedIn("alan"), await loggedIn("alan")];
  expect(await devicesListedFor(two)).toBe(2);
  await two.press("/devices/", "Log out all other devices");
  expect(await devicesListedFor(two)).toBe(1);
  expect(await devicesListedFor(one)).toBe(0);
});

test("without a store there is no such page", async ({ visitor }) => {
  expect((await visitor.get("/devices/")).status).toBe(404);
  const { body } = await visitor.get("/");
  const navigation = /<nav aria-label="Pages">.*?<\/nav>/s.exec(body)?.[0];
  expect(navigation).toContain("Visits");
  expect(navigation).not.toContain("Devices");
});

test.describe("the page's layout", () => {
  test.use(phone);

  for (const name of ["a visitor who is logged in on two devices", "a guest"]) {
    test(`the devices of ${name} fit the screen in light and dark, and axe finds nothing to object to`, async ({
      page,
    }) => {
      if (name === "a guest") await page.goto(devicesPage());
      else {
        await loggedIn("edsger");
        await logIn(page, "edsger");
        await expect(items(page)).toHaveCount(2);
      }
      await onEachScreen(page, (width) => expectToFit(page, width));
    });
  }
});
