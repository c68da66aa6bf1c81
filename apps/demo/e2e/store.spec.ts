import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { Redis, redisProgram } from "../../../scripts/redis.mjs";
import { type Server, startDemo } from "./support/servers";

const program = redisProgram();
if (!program && process.env.CI) throw new Error("There is no Redis: apt-get install redis-server");
if (!program) console.warn("SKIPPED, since there is no Redis here: two demos that share one");

const running: { stop(): Promise<void> }[] = [];
const started = async <Running extends { stop(): Promise<void> }>(starting: Promise<Running>) => {
  const program = await starting;
  running.unshift(program);
  return program;
};

test.afterEach(async () => {
  for (const program of running.splice(0)) await program.stop();
});

const home = ({ port }: Server) => `http://localhost:${port}`;

async function countVisit(page: Page, server: Server, visits: number) {
  await page.goto(`${home(server)}/visits-counter/`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`Total visits: ${visits}`);
}

test("two demos on two ports share one Redis, and a visitor goes from one to the other", async ({
  page,
  context,
}) => {
  test.skip(!program, "apt-get install redis-server");
  test.setTimeout(120_000);
  const redis = await started(Redis.start(program as string));
  const one = await started(startDemo({ SESSION_STORE: redis.url }));
  const two = await started(startDemo({ SESSION_STORE: redis.url }));

  await countVisit(page, one, 1);
  await countVisit(page, two, 2);
  await countVisit(page, one, 3);
  await page.goto(`${home(two)}/session/`);
  await page.goto(`${home(one)}/session/`);
  await expect(page.locator("body")).toHaveText(
    '{"visits":3,"cart":{"pineapples":"10","apples":"20","mangoes":"30"}}',
  );

  await page.goto(home(two));
  const [cookie] = await context.cookies();
  const id = cookie?.value.split(".")[0] as string;
  await expect(page.getByRole("definition").filter({ hasText: id })).toBeVisible();
  await expect(page.getByText("256 random bits")).toBeVisible();

  await page.goto(`${home(two)}/delete-visits/`);
  await countVisit(page, one, 1);
});

test("a session in a SQLite file outlives the demo", async ({ page }) => {
  test.setTimeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), "demo-"));
  const SESSION_STORE = `sqlite:${join(folder, "sessions.db")}`;
  const before = await startDemo({ SESSION_STORE });
  await countVisit(page, before, 1);
  await countVisit(page, before, 2);
  await before.stop();
  const after = await started(startDemo({ SESSION_STORE }));
  await countVisit(page, after, 3);
  await page.context().clearCookies();
  await countVisit(page, after, 1);
  rmSync(folder, { recursive: true, force: true });
});

test("turned on, the store takes over the sessions in cookies", async ({ page }) => {
  test.setTimeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), "demo-"));
  const inCookies = await started(startDemo({}));
  await countVisit(page, inCookies, 1);
  const inStore = await started(
    startDemo({ SESSION_STORE: `sqlite:${join(folder, "sessions.db")}` }),
  );
  await countVisit(page, inStore, 2);
  await countVisit(page, inStore, 3);
  rmSync(folder, { recursive: true, force: true });
});
