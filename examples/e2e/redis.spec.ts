import { spawnSync } from "node:child_process";
import { expect, type Page, test } from "@playwright/test";
import { expectToFit } from "../../apps/demo/e2e/support/layout.ts";
import { redisProgram } from "../../scripts/redis.mjs";
import { Example, type Server } from "./support/example.ts";
import { fieldsOf, send } from "./support/forms.ts";

const isThere = redisProgram() === "redis-server";
if (!isThere && process.env.CI) throw new Error("There is no Redis: apt-get install redis-server");
if (!isThere)
  console.warn("SKIPPED, since there is no redis-server: two servers of examples/redis");

const fruits = ["Apples", "Figs", "Kiwis", "Limes", "Mangoes", "Plums"];

test.describe.configure({ mode: "default" });

let example: Example;

test.beforeAll(async () => {
  test.setTimeout(300_000);
  example = await Example.copy("redis");
});

test.afterAll(() => example?.remove());

test.describe("two servers", () => {
  test.skip(!isThere, "There is no redis-server: apt-get install redis-server");

  let server: Server;

  test.beforeAll(async () => {
    test.setTimeout(300_000);
    server = await example.start("start");
  });

  test.afterAll(() => server?.stop());

  const serverOf = (page: Page) => page.locator("strong").textContent();
  const amounts = (page: Page) => page.getByRole("heading", { level: 2 });

  /** Reloads until it is this server that answers. */
  async function reloadFrom(page: Page, name: string) {
    await expect(async () => {
      await page.goto(server.origin);
      expect(await serverOf(page)).toBe(name);
    }).toPass();
  }

  test("what one server saves the other reads", async ({ page }) => {
    await reloadFrom(page, "A");
    await page.getByRole("button", { name: "Add figs" }).click();
    await expect(page.getByText("Figs: 1")).toBeVisible();
    for (const name of ["A", "B"]) {
      await reloadFrom(page, name);
      await expect(page.getByText("Figs: 1")).toBeVisible();
    }
    await page.getByRole("button", { name: "Empty the cart" }).click();
    await expect(page.getByText("Figs: 0")).toBeVisible();
    for (const name of ["A", "B"]) {
      await reloadFrom(page, name);
      await expect(page.getByText("Figs: 0")).toBeVisible();
    }
  });

  test("no change is lost when all fruits are added at the same time", async ({ page }) => {
    await page.goto(server.origin);
    await page.getByRole("button", { name: "Add apples" }).click();
    await expect(page.getByText("Apples: 1")).toBeVisible();

    const forms = await Promise.all(
      fruits.map((fruit) => fieldsOf(page, `Add ${fruit.toLowerCase()}`)),
    );
    const rounds = 5;
    const servers = new Set<string>();
    for (let round = 0; round < rounds; round++) {
      const answers = await Promise.all(forms.map((fields) => send(page, fields)));
      for (const html of answers) servers.add(/<strong>(\w)<\/strong>/.exec(html)?.[1] ?? "none");
    }
    expect([...servers].sort(), "both servers took part").toEqual(["A", "B"]);
    await page.reload();
    await expect(amounts(page)).toHaveText(
      fruits.map((fruit) => `${fruit}: ${rounds + (fruit === "Apples" ? 1 : 0)}`),
    );
  });

  for (const width of [390, 1280]) {
    test(`the page fits a screen of ${width} pixels in light and dark, and axe finds nothing to object to`, async ({
      page,
    }) => {
      await page.setViewportSize({ width, height: 800 });
      await page.goto(server.origin);
      await expect(page.getByRole("list", { name: "Fruits" })).toBeVisible();
      await expectToFit(page);
    });
  }
});

test("the compose file is one that Docker Compose takes", () => {
  const compose = (...args: string[]) =>
    spawnSync("docker", ["compose", ...args], { cwd: example.folder, encoding: "utf8" });
  const isHere = compose("version").status === 0;
  if (process.env.CI) expect(isHere, "Docker Compose is here").toBe(true);
  if (!isHere) console.warn("SKIPPED, since there is no Docker Compose: the compose file");
  test.skip(!isHere, "There is no Docker Compose");
  spawnSync(process.execPath, ["secret.mjs"], { cwd: example.folder });
  const { status, stderr } = compose("config", "--quiet");
  expect(status, stderr).toBe(0);
});
