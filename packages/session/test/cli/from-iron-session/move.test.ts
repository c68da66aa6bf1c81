import { sealData as seal8 } from "iron-session-8";
import { sealData as seal9 } from "iron-session-9";
import ts from "typescript-5";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runNode } from "../../support/command.ts";
import { byHand, IronApp, type Report, removeIronApps } from "../../support/iron-app.ts";
import { BY_HAND, routeWith, SHOP, UNCLEAR_OPTIONS } from "../../support/iron-shapes.ts";
import { errorsOf } from "../../support/tsc.ts";

afterAll(removeIronApps);

describe("an app with each shape of iron-session's own examples", () => {
  const app = new IronApp(SHOP);
  let plan: Report;
  let written: Report;

  beforeAll(async () => {
    const before = app.files();
    plan = await app.report();
    expect(app.files()).toEqual(before);
    written = await app.report("--write");
  }, 120_000);

  it("is changed only with --write, and then as it was announced", () => {
    expect(plan.isWritten).toBe(false);
    expect(written).toEqual({ ...plan, isWritten: true });
  });

  it("has its definition in a file that client components do not import", () => {
    expect(
      app.read("app/basket/session-definition.ts"),
    ).toBe(`import { defineSession } from "next-signed-session";
import type { Basket } from "./lib";

export const { getSession } = defineSession<Basket>({
  name: "basket",
  format: "sealed",
  idleTimeout: { days: 7 },
  cookie: { secure: process.env.NODE_ENV === "production", sameSite: "strict" },
  accept: [{ format: "iron-session", secret: process.env.BASKET_PASSWORD as string }],
});
`);
    expect(app.read("app/basket/lib.ts")).toBe(`export interface Basket {
  owner: string;
  isOpen: boolean;
  items: number;
}

export const emptyBasket: Basket = { owner: "", isOpen: false, items: 0 };
`);
    expect(app.read("app/basket/empty.ts")).toMatch(/^import { emptyBasket } from/);
    expect(app.read("app/basket/use-basket.ts")).toBe(SHOP["app/basket/use-basket.ts"]);
  });

  it("saves in its route handlers as before, and keeps its cookies as long", () => {
    expect(
      app.read("app/basket/api/route.ts"),
    ).toBe(`import { getSession } from "../session-definition";
import { redirect } from "next/navigation";
import { emptyBasket } from "../lib";

export async function PATCH() {
  const session = await getSession();
  session.items++;
  session.permanent = true;
  await session.save();
  return Response.json(session);
}

export async function POST(request: Request) {
  const session = await getSession();
  const { owner } = await request.json();
  session.owner = owner;
  session.isOpen = true;
  session.permanent = true;
  await session.save();
  return Response.json(session);
}

export async function GET(request: Request) {
  const session = await getSession();
  if (new URL(request.url).searchParams.has("close")) {
    session.clear();
    await session.save();
    redirect("/basket");
  }
  return Response.json(session.isOpen ? session : emptyBasket);
}
`);
  });

  it("keeps a function of its own with the name getSession, and the paths that it writes", () => {
    expect(
      app.read("app/basket/page.tsx"),
    ).toBe(`import { getSession as getDefinedSession } from "@/app/basket/session-definition";
import type { Session } from "next-signed-session";
import { Basket } from "@/app/basket/lib";

async function getSession() {
  const session = await getDefinedSession();
  return session;
}

const nameOf = (session: Session<Basket>) => session.owner;

export default async function Page() {
  const session = await getSession();
  return <p>{nameOf(session)}</p>;
}
`);
  });

  it("takes over several passwords, a cookie that ends with the browser, and a definition without options", () => {
    expect(app.read("app/login/session-definition.ts")).toContain(`
export const { getSession } = defineSession<Login>({
  name: "login",
  format: "sealed",
  idleTimeout: { days: 14 },
  accept: [{ format: "iron-session", secret: [process.env.NEW_PASSWORD!, process.env.OLD_PASSWORD!] }],
});
`);
    expect(
      app.read("app/login/session.ts"),
    ).toBe(`import { getSession } from "./session-definition";

export type Login = { user: string };

export async function getLogin() {
  return getSession();
}
`);
  });

  it("follows a session through a function of the app", () => {
    const actions = app.read("app/login/actions.ts");
    expect(actions).toContain("if (session.user) { session.clear(); await session.save(); }\n");
    expect(actions).not.toContain("permanent");
  });

  it("passes the request and the response on in the Pages Router", () => {
    const handler = app.read("pages/api/visitor.ts");
    expect(handler).toContain("const session = await getSession(req, res);\n");
    expect(handler).toContain("      session.clear();\n      await session.save();\n  }");
    expect(handler).toContain("      session.permanent = true;\n      await session.save();\n");
    const page = app.read("pages/visitor.tsx");
    expect(page).toContain("return { props: { session: session.toJSON() } };");
  });

  it("imports iron-session nowhere", () => {
    const left = Object.entries(app.files()).filter(([, text]) => /from "iron-session"/.test(text));
    expect(left).toEqual([]);
  });

  it("names each error that the compiler then has, and its place", async () => {
    expect(await errorsOf(".", app.folder)).toEqual([
      expect.stringMatching(/^app\/basket\/api\/route\.ts\(7,3\): .*'session.items'/),
    ]);
    expect(byHand(plan)).toEqual([
      expect.stringMatching(/^app\/basket\/api\/route\.ts:8 TypeScript .*'session.items'/),
    ]);
  });

  it.each([
    ["8", seal8],
    ["9", seal9],
  ])("keeps the users of iron-session %s logged in", async (_, seal) => {
    const password = "of the shop's baskets, 0123456789";
    const { outputText } = ts.transpileModule(app.read("app/basket/session-definition.ts"), {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ESNext },
    });
    const value = await seal({ owner: "Ada", items: 3 }, { password });
    const script = `${outputText}
      const headers = { cookie: "basket=${value}" };
      const session = await getSession(new Request("https://shop.test/", { headers }), new Headers());
      console.log(JSON.stringify(session), session.permanent);`;
    const environment = {
      BASKET_PASSWORD: password,
      SESSION_SECRET: "of the new cookies, 0123456789abcdef",
    };
    const { stdout, stderr } = await runNode(["--input-type=module", "--eval", script], {
      environment,
      folder: app.folder,
    });
    expect(stdout + stderr).toBe('{"owner":"Ada","items":3} true\n');
  });

  it("has nothing left to change afterwards", async () => {
    const { stdout, code } = await app.move();
    expect(stdout).toBe("Nothing here imports iron-session: `npm uninstall iron-session`.\n");
    expect(code).toBe(0);
  });
});

describe("what the command does not change", () => {
  const app = IronApp.small(BY_HAND, { ironSession: 9 });
  let report: Report;

  beforeAll(async () => {
    report = await app.report("--write");
  }, 120_000);

  it("is listed with its place and what to do", () => {
    expect(byHand(report)).toEqual([
      expect.stringMatching(/^app\/chosen\/route.ts:8 .*not in sight here/),
      expect.stringMatching(/^app\/chosen\/route.ts:14 `session.clear\(\)` and/),
      expect.stringMatching(
        /^app\/lib.ts:7 app\/session-definition.ts has .*app\/chosen\/route.ts:5/,
      ),
      expect.stringMatching(/^app\/link\/route.ts:4 .*link.encode/),
      expect.stringMatching(/^app\/link\/route.ts:5 .*link.decode/),
      expect.stringMatching(/^app\/old\/route.js:1 .*iron-session 6/),
      expect.stringMatching(/^app\/old\/route.js:2 Only `import/),
      expect.stringMatching(/^app\/read.ts:7 `session.clear\(\)` and/),
      expect.stringMatching(/^app\/remember\/route.ts:6 .*no equivalent/),
      expect.stringMatching(/^app\/remember\/route.ts:7 .*session.permanent/),
      expect.stringMatching(/^app\/star\/route.ts:2 Only `import/),
      expect.stringMatching(/^app\/star\/route.ts:7 `session.clear\(\)` and/),
      expect.stringMatching(/^app\/taken\/route.ts:6 .*`session.save\(\)`/),
      expect.stringMatching(/^app\/taken\/route.ts:6 .*no equivalent/),
      expect.stringMatching(/^proxy.ts:7 .*getSession\(request, response\)/),
      expect.stringMatching(/^proxy.ts:9 .*getSession\(request, response\)/),
    ]);
    expect(report.done).toBe(false);
    expect(report.left.join()).toContain("would log users out");
  });

  it("is left as it is, also where other files changed", () => {
    const changed = ["app/read.ts", "app/chosen/route.ts"];
    const others = Object.keys(BY_HAND).filter((file) => !changed.includes(file));
    for (const file of others) expect(app.read(file), file).toBe(BY_HAND[file]);
    expect(app.read("app/read.ts")).toContain("async () => getSession();");
    for (const file of changed) expect(app.read(file)).toContain("session.destroy()");
  });

  it("is the end of a session that another way of importing brought", async () => {
    const options = '{ cookieName: "a", password: process.env.PASSWORD! }';
    const star = BY_HAND["app/star/route.ts"]?.replace("../lib", "./lib") as string;
    const lib = `export const options = ${options};\n`;
    const app = IronApp.small({ ...routeWith(options), "lib.ts": lib, "star.ts": star });
    await app.report("--write");
    expect(app.read("route.ts")).toContain("await getSession()");
    expect(app.read("star.ts")).toBe(star);
  });

  it("is options without an equivalent, and what depends on them", async () => {
    const header = `import { cookies } from "next/headers";
import { getIronSession, type SessionOptions } from "iron-session";
const WEEK = (): any => 604_800;
const secretOf = () => "";
export const PASSWORD = process.env.PASSWORD!;
const shared = { cookieName: "a" };
`;
    const files = UNCLEAR_OPTIONS.map(([options], index) => [
      `${index}.ts`,
      `${header}const options: SessionOptions = ${options};
export const read = async () => getIronSession(await cookies(), options);
`,
    ]);
    const before = Object.fromEntries(files);
    const unclear = IronApp.small(before, { ironSession: 9 });
    const { files: found } = await unclear.report("--write");
    expect(unclear.files()).toMatchObject(before);
    for (const [index, [, why]] of UNCLEAR_OPTIONS.entries()) {
      const { byHand = [], changes } = found.find(({ file }) => file === `${index}.ts`) ?? {};
      expect(byHand.map(({ advice }) => advice).join(), `${index}.ts`).toContain(why);
      expect(byHand.at(-1)?.advice).toContain("could not be written");
      expect(changes).toEqual([]);
    }
  });
});
