import { fileURLToPath } from "node:url";
import { expect, test } from "@playwright/test";
import { DevServer } from "../../fixture/e2e/support/dev-server";
import { ProductionServer } from "../../fixture/e2e/support/production-server";
import { Visitor } from "../../fixture/e2e/support/visitor";

const app = fileURLToPath(new URL("..", import.meta.url));

async function ada(origin: string): Promise<Visitor> {
  const visitor = new Visitor(origin);
  const answer = await visitor.submit("/login", "login", {
    email: "ada@example.com",
    password: "Ada",
  });
  expect(answer.headers.get("location")).toBe("/dashboard");
  return visitor;
}

async function serving(
  environment: Record<string, string>,
  run: (origin: string) => Promise<void>,
): Promise<void> {
  const server = await ProductionServer.start(environment, app);
  try {
    await run(server.origin);
  } finally {
    await server.stop();
  }
}

test("a sealed session is read in a private cache", () =>
  serving({ FIXTURE_FORMAT: "sealed" }, async (origin) => {
    const visitor = await ada(origin);
    expect((await visitor.get("/dashboard")).body).toContain("Signed in as <!-- -->Ada");
    expect(visitor.cookies.get("session")).toMatch(/^Fe26\.2\*/);
  }));

test("a session in a store is read in a private cache, and a logout ends it for good", () =>
  serving({ FIXTURE_DATABASE: test.info().outputPath("sessions.db") }, async (origin) => {
    const visitor = await ada(origin);
    expect((await visitor.get("/dashboard")).body).toContain("Signed in as <!-- -->Ada");
    const cookie = visitor.cookies.get("session") as string;

    const page = (await visitor.get("/dashboard")).body;
    const action = /name="(\$ACTION_ID_[^"]+)"/.exec(page)?.[1] as string;
    const body = new FormData();
    body.set(action, "");
    await visitor.get("/dashboard", { method: "POST", body });
    expect(visitor.cookies.has("session")).toBe(false);

    visitor.cookies.set("session", cookie);
    expect((await visitor.get("/dashboard")).headers.get("location")).toBe("/login");
  }));

test("next dev has no warning for a private cache or a component that reads the session", async () => {
  test.setTimeout(90_000);
  const server = await DevServer.start(app);
  try {
    const visitor = await ada(server.origin);
    server.output = "";
    expect((await visitor.get("/dashboard")).body).toContain("Ada");
    expect((await visitor.get("/checks/direct")).body).toContain("User <!-- -->1");
    expect((await visitor.get("/checks/both")).status).toBe(200);
    expect(server.output).not.toMatch(/⚠|error|warning/i);
  } finally {
    await server.stop();
  }
});
