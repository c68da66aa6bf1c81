import { fileURLToPath } from "node:url";
import { expect, test } from "@playwright/test";
import { ProductionServer } from "../../fixture/e2e/support/production-server";
import { ada } from "./support/ada";

const app = fileURLToPath(new URL("..", import.meta.url));

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
