import { afterAll, describe, expect, it } from "vitest";
import { byHand, IronApp, removeIronApps } from "../../support/iron-app.ts";
import { routeWith } from "../../support/iron-shapes.ts";

afterAll(removeIronApps);

const LIFETIMES = [
  ["ttl: 3600", "idleTimeout: { hours: 1 }"],
  ["ttl: 90", "idleTimeout: { seconds: 90 }"],
  ["ttl: 0", "idleTimeout: { days: 400 }"],
  ["cookieOptions: { maxAge: 60 * 60 }", "idleTimeout: { hours: 1 }"],
  ["cookieOptions: { maxAge: 9_999_999_999 }", "idleTimeout: { days: 14 }"],
  ["ttl: 60, cookieOptions: { maxAge: 3600 }", "idleTimeout: { minutes: 1 }"],
  ["ttl: Number(process.env.TTL)", "idleTimeout: Number(process.env.TTL)"],
] as const;

describe("the definition", () => {
  it("lives as long as iron-session's cookies", async () => {
    const routes = LIFETIMES.map(([option], index) => {
      const options = `{ cookieName: "${index}", password: process.env.P!, ${option} }`;
      return [`${index}/route.ts`, routeWith(options)["route.ts"]];
    });
    const { created } = await IronApp.small(Object.fromEntries(routes)).report();
    for (const [index, [option, expected]] of LIFETIMES.entries()) {
      expect(created[index]?.text, option).toContain(`  ${expected},\n`);
    }
  });

  it("imports what the options need", async () => {
    const options =
      "{ cookieName: NAME, password: env.PASSWORD, cookieOptions: { sameSite: true } }";
    const files = {
      ...routeWith(options, 'import { env } from "./env";\nexport const NAME = "a";'),
      "env.ts": "export const env = { PASSWORD: process.env.PASSWORD! };\n",
    };
    const { created } = await IronApp.small(files).report();
    expect(created[0]?.text).toBe(`import { defineSession } from "next-signed-session";
import { NAME } from "./route";
import { env } from "./env";

export const { getSession } = defineSession({
  name: NAME,
  format: "sealed",
  idleTimeout: { days: 14 },
  cookie: { sameSite: "strict" },
  accept: [{ format: "iron-session", secret: env.PASSWORD }],
});
`);
  });

  it("is one for the same options at several calls, and one for each cookie", async () => {
    const options = '{ cookieName: "a", password: process.env.P! }';
    const route = routeWith(options)["route.ts"];
    const same = await IronApp.small({ "a/route.ts": route, "b/route.ts": route }).report();
    expect(same.created.map(({ file }) => file)).toEqual(["a/session-definition.ts"]);
    const longer = route.replace("process.env.P! }", "process.env.P!, ttl: 60 }");
    const other = await IronApp.small({ "a/route.ts": route, "b/route.ts": longer }).report();
    expect(other.created.map(({ file }) => file)).toEqual(["a/session-definition.ts"]);
    expect(byHand(other)[0]).toMatch(/^b\/route.ts:5 Another definition has the name "a"/);
  });

  it("has a name of its own beside another one, and beside what the file has", async () => {
    const [user, admin] = ["user", "admin"].map(
      (name) => `export const options = { cookieName: "${name}", password: process.env.P! };\n`,
    );
    const route = `import { cookies } from "next/headers";
import { getIronSession, nextProxyCookies } from "iron-session";
import { options as user } from "./user/options";
import { options as admin } from "./admin/options.js";

export async function GET(request: Request, response: Response) {
  const store = await cookies();
  await getIronSession(store, user);
  await getIronSession(nextProxyCookies(request, response), admin);
  return store;
}
`;
    const files = {
      "user/options.ts": `${user}`,
      "admin/options.ts": `${admin}`,
      "route.ts": route,
    };
    const app = IronApp.small(files, { ironSession: 9 });
    await app.report("--write");
    expect(app.read("route.ts")).toBe(`import { cookies } from "next/headers";
import { getSession } from "./user/session-definition";
import { getSession as getDefinedSession } from "./admin/session-definition.js";

export async function GET(request: Request, response: Response) {
  const store = await cookies();
  await getSession();
  await getDefinedSession(request, response);
  return store;
}
`);
  });

  it("is not written over a file that is there", async () => {
    const files = {
      ...routeWith('{ cookieName: "a", password: process.env.P! }'),
      "session-definition.ts": "",
    };
    const app = IronApp.small(files);
    const report = await app.report("--write");
    expect(byHand(report)[0]).toMatch(/^route.ts:5 .*session-definition.ts is taken/);
    expect(app.files()).toMatchObject(files);
  });

  it("refuses data under the name of one of a session's own properties", async () => {
    const { "route.ts": route } = routeWith('{ cookieName: "a", password: process.env.P! }');
    const typed = route.replace("getIronSession(", "getIronSession<{ clear: string }>(");
    expect(byHand(await IronApp.small({ "route.ts": typed }).report())[0]).toMatch(
      /property `clear`/,
    );
  });
});
