import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "@playwright/test";
import { Redis, redisProgram } from "../../../scripts/redis.mjs";
import { test, Visitor } from "../../fixture/e2e/support/visitor";
import { visitsIn } from "./support/page";
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

async function expectVisit(visitor: Visitor, visits: number) {
  expect(visitsIn(await visitor.get("/visits-counter/"))).toBe(visits);
}

test("two demos on two ports share one Redis, and a visitor goes from one to the other", async () => {
  test.skip(!program, "apt-get install redis-server");
  test.setTimeout(120_000);
  const redis = await started(Redis.start(program as string));
  const one = await started(startDemo({ SESSION_STORE: redis.url }));
  const two = await started(startDemo({ SESSION_STORE: redis.url }));
  const atOne = new Visitor(home(one));
  const atTwo = new Visitor(home(two), atOne.cookies);

  await expectVisit(atOne, 1);
  await expectVisit(atTwo, 2);
  await expectVisit(atOne, 3);
  await atTwo.get("/session/");
  expect((await atOne.get("/session/")).json).toEqual({
    visits: 3,
    cart: { pineapples: "10", apples: "20", mangoes: "30" },
  });

  const { body } = await atTwo.get("/");
  const [cookie = ""] = atTwo.cookies.values();
  expect(body).toContain(`<dt>Id</dt><dd><p class="cookie">${cookie.split(".")[0]}</p>`);
  expect(body).toContain("256 random bits");

  await atTwo.get("/delete-visits/");
  await expectVisit(atOne, 1);
});

test.describe("with a SQLite file", () => {
  // One after the other: both use one demo.
  test.describe.configure({ mode: "default", timeout: 120_000 });
  let folder: string;
  let demo: Server;
  const start = () => startDemo({ SESSION_STORE: `sqlite:${join(folder, "sessions.db")}` });

  test.beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "demo-"));
    demo = await start();
  });

  test.afterAll(async () => {
    await demo.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test("turned on, the store takes over the sessions in cookies", async ({ visitor }) => {
    await expectVisit(visitor, 1);
    const later = new Visitor(home(demo), visitor.cookies);
    await expectVisit(later, 2);
    await expectVisit(later, 3);
  });

  test("a session in a SQLite file outlives the demo", async () => {
    const before = new Visitor(home(demo));
    await expectVisit(before, 1);
    await expectVisit(before, 2);
    await demo.stop();
    demo = await start();
    await expectVisit(new Visitor(home(demo), before.cookies), 3);
    await expectVisit(new Visitor(home(demo)), 1);
  });
});
