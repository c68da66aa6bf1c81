import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, test } from "@playwright/test";
import { anyFreePort } from "../../../scripts/ports.mjs";
import { NextProcess } from "../../fixture/e2e/support/next-process";

const app = fileURLToPath(new URL("..", import.meta.url));

test("a server without a secret says so once and ends, before any request", async () => {
  const env = { ...process.env, SESSION_SECRET: "" };
  const next = new NextProcess("start", await anyFreePort(), { cwd: app, env });
  expect((await once(next.process, "exit"))[0]).toBe(1);
  expect(next.output.match(/There is no session secret/g)).toHaveLength(1);
});
