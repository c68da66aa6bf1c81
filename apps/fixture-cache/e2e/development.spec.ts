import { fileURLToPath } from "node:url";
import { expect, test } from "@playwright/test";
import { DevServer } from "../../fixture/e2e/support/dev-server";
import { ada } from "./support/ada";

const app = fileURLToPath(new URL("..", import.meta.url));

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
