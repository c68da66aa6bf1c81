import { afterAll, describe, expect, it } from "vitest";
import { IronApp, removeIronApps } from "../../support/iron-app.ts";
import { routeWith } from "../../support/iron-shapes.ts";

afterAll(removeIronApps);

describe("a password in the source", () => {
  const secret = "kJ8s0dQw2mZx7Vn4Lb6Tr1Yp9Hc3Gf5E";

  it("is never shown, and moves with the options", async () => {
    const app = IronApp.small(routeWith(`{ cookieName: "a", password: "${secret}" }`));
    const [text, json] = [await app.move(), await app.move("--json")];
    for (const { stdout, stderr } of [text, json]) expect(stdout + stderr).not.toContain(secret);
    expect(text.stdout).toContain(
      "Note: Anyone who sees this file can make cookies of iron-session",
    );
    await app.move("--write");
    expect(app.read("session-definition.ts")).toContain(`secret: "${secret}"`);
  });

  it("is not accepted if it is a published example", async () => {
    const published = "complex_password_at_least_32_characters_long";
    const app = IronApp.small(routeWith(`{ cookieName: "a", password: "${published}" }`));
    const { stdout } = await app.move();
    expect(stdout).toContain("The old cookies are not accepted (ERR_SESSION_SECRET_PUBLISHED)");
    expect(stdout).not.toContain("accept:");
  });
});

describe("an app in JavaScript", () => {
  it("is moved without a configuration, in its own style", async () => {
    const files = {
      "lib/options.js":
        "export const options = {\n  cookieName: 'a',\n  password: process.env.P\n}\n",
      "app/route.js": `import { cookies } from 'next/headers'
import { getIronSession } from 'iron-session'
import { options } from '../lib/options'

export async function DELETE() {
  const session = await getIronSession(await cookies(), options)
  session.destroy()
}
`,
    };
    const app = IronApp.small(files, { tsconfig: "none" });
    expect((await app.move("--write")).code).toBe(0);
    expect(
      app.read("lib/session-definition.js"),
    ).toBe(`import { defineSession } from 'next-signed-session'

export const { getSession } = defineSession({
  name: 'a',
  format: 'sealed',
  idleTimeout: { days: 14 },
  accept: [{ format: 'iron-session', secret: process.env.P }],
})
`);
    expect(app.read("app/route.js")).toBe(`import { getSession } from '../lib/session-definition'

export async function DELETE() {
  const session = await getSession()
  session.clear()
  await session.save()
}
`);
  });
});

describe("the command from-iron-session", () => {
  const route = routeWith('{ cookieName: "a", password: process.env.P! }');

  it("prints the place and the lines of each change, and exits with 1 until they are made", async () => {
    const app = IronApp.small(route);
    const { stdout, code } = await app.moveAsBuilt();
    expect(stdout).toContain(`session-definition.ts (new)
  + import { defineSession } from "next-signed-session";`);
    expect(stdout).toContain(`route.ts:5
  -   return Response.json(await getIronSession(await cookies(), { cookieName: "a", password: process.env.P! }));
  +   return Response.json(await getSession());`);
    expect(stdout).toContain("4 changes can be made with --write, 0 places to change by hand.");
    expect(stdout).toContain("- `npm install next-signed-session`");
    expect(code).toBe(1);
    expect((await app.move("--write")).code).toBe(0);
  });

  it("says so if there is no iron-session", async () => {
    const without = IronApp.small({}, { ironSession: "none", manifest: {} });
    const { stdout, code } = await without.move();
    expect(stdout).toBe("There is no iron-session in this folder.\n");
    expect(code).toBe(0);
  });

  it("asks for what it needs, with exit code 2", async () => {
    const uninstalled = await IronApp.small(route, { ironSession: "none" }).move();
    expect(uninstalled.stderr).toContain("run `npm install` first");
    const nowhere = await IronApp.small(route).moveAsBuilt("lib");
    expect(nowhere.stderr).toContain("has no package.json");
    const twice = await IronApp.small(route).moveAsBuilt("a", "b");
    expect(twice.stderr).toContain("Usage:");
    expect([uninstalled.code, nowhere.code, twice.code]).toEqual([2, 2, 2]);
  });

  it.each(["typescript", "none"] as const)(
    "brings no TypeScript of its own: with %s it says how to bring one",
    async (typescript) => {
      const { stderr, code } = await IronApp.small(route, { typescript }).move();
      expect(stderr).toContain("npx -p typescript@5 -p next-signed-session");
      expect(code).toBe(2);
    },
  );
});
