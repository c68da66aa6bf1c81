import { execFile } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { toolEnvironment } from "../../../../scripts/toolchain.mjs";
import { npm, temporaryFolder } from "./packed-app.ts";

const folder = temporaryFolder();

const SERVER = `
  import { once } from "node:events";
  import { createServer } from "node:http";
  import { defineSession } from "next-signed-session";

  const { getSession } = defineSession({ secret: "of the packed tests, known to everyone" });
  const server = createServer(async (request, response) => {
    const session = await getSession(request, response);
    session.visits = (session.visits ?? 0) + 1;
    await session.save();
    response.end(String(session.visits));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const visit = (cookie) => fetch("http://127.0.0.1:" + server.address().port, { headers: { cookie } });
  const first = await visit("");
  const [cookie] = first.headers.getSetCookie()[0].split(";");
  console.log(await first.text(), await (await visit(cookie)).text());
  server.closeAllConnections();
  server.close();
`;

const WORKER = `
  import { defineSession } from "next-signed-session";
  const { getSession, encode, decode } = defineSession({ secret: "of the packed tests, known to everyone" });
  const headers = new Headers();
  const session = await getSession(new Request("https://example.com/"), headers);
  session.visits = 1;
  await session.save();
  console.log(headers.getSetCookie().length, (await decode(await encode({ visits: 2 }))).data.visits);
`;

const WITHOUT_ARGUMENTS = `
  import { defineSession } from "next-signed-session";
  await defineSession().getSession().catch(({ code, message }) => console.log(code, message));
`;

async function run(program: string, ...args: string[]): Promise<string> {
  const options = { cwd: folder, env: toolEnvironment() };
  return (await promisify(execFile)(program, args, options)).stdout.trim();
}

beforeAll(async () => {
  writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }');
  const files = { "server.js": SERVER, "worker.js": WORKER, "no-arguments.js": WITHOUT_ARGUMENTS };
  for (const [name, code] of Object.entries(files)) writeFileSync(join(folder, name), code);
  const quiet = ["--prefer-offline", "--no-audit", "--no-fund"];
  await npm(folder, "install", ...quiet, inject("tarball"), "esbuild");
}, 300_000);

afterAll(() => rmSync(folder, { recursive: true }));

describe("the packed package where there is no Next", () => {
  it("does not install it", () => {
    expect(existsSync(join(folder, "node_modules/next-signed-session"))).toBe(true);
    expect(existsSync(join(folder, "node_modules/next"))).toBe(false);
    expect(existsSync(join(folder, "node_modules/react"))).toBe(false);
  });

  it("serves sessions to Node's own server", async () => {
    expect(await run("node", "server.js")).toBe("1 2");
  });

  it("says that getSession() needs its arguments there", async () => {
    const said = await run("node", "no-arguments.js");
    expect(said).toContain("ERR_SESSION_OUTSIDE_REQUEST");
    expect(said).toContain("getSession(request, response)");
  });

  it.each(["workerd", "edge-light", "node"])(
    "is bundled under the condition %s, and runs",
    async (condition) => {
      const outfile = `${condition}.mjs`;
      const platform = condition === "node" ? "node" : "neutral";
      await run(
        join(folder, "node_modules/.bin/esbuild"),
        ...["worker.js", "--bundle", "--format=esm", `--outfile=${outfile}`],
        ...[`--platform=${platform}`, `--conditions=${condition}`, "--main-fields=module,main"],
        "--log-level=error",
      );
      expect(await run("node", outfile)).toBe("1 2");
    },
  );
});
