import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { PackedApp } from "./packed-app.ts";
import { releases } from "./releases.ts";

const apps = releases.map((release) => new PackedApp(release));

beforeAll(async () => {
  await Promise.all(apps.map((app) => app.start(inject("tarball"))));
}, 600_000);

afterAll(async () => {
  await Promise.all(apps.map((app) => app.stop()));
}, 120_000);

/** One browser's cookie, which each answer may replace. */
class Browser {
  readonly #app: PackedApp;
  #cookie = "";

  constructor(app: PackedApp) {
    this.#app = app;
  }

  async send(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set("cookie", this.#cookie);
    const response = await this.#app.fetch(path, { ...init, headers });
    this.#cookie = response.headers.getSetCookie().at(-1)?.split(";")[0] ?? this.#cookie;
    return response;
  }

  async text(path: string): Promise<string> {
    const html = await (await this.send(path)).text();
    return html.replaceAll("<!-- -->", "").replaceAll("&quot;", '"');
  }

  /** Sends a page's only form, as a browser without JavaScript does. */
  async submit(path: string, fields: Record<string, string>): Promise<Response> {
    const body = new FormData();
    body.set(`$ACTION_ID_${await this.#actionOf(path)}`, "");
    for (const [name, value] of Object.entries(fields)) body.set(name, value);
    return this.send(path, { method: "POST", body });
  }

  /** Calls the action of a page's only form, as React does. */
  async call(path: string, fields: Record<string, string>): Promise<Response> {
    const headers = { "next-action": await this.#actionOf(path), accept: "text/x-component" };
    const body = new FormData();
    // React's releases differ in how they name the fields of an argument.
    for (const prefix of ["_1_", "1_"]) {
      for (const [name, value] of Object.entries(fields)) body.set(`${prefix}${name}`, value);
    }
    body.set("0", '["$K1"]');
    return this.send(path, { method: "POST", body, headers });
  }

  async #actionOf(path: string): Promise<string> {
    const action = /name="\$ACTION_ID_(\w+)"/.exec(await this.text(path))?.[1];
    if (action === undefined) throw new Error(`There is no form at ${path}`);
    return action;
  }
}

describe.each(apps)("the packed package in the README's app, under Next $next", (app) => {
  it("runs under no other version", () => {
    const minor = app.next.match(/\d+\.\d+\./)?.[0] as string;
    expect(app.installed("next").version.startsWith(minor)).toBe(true);
  });

  it("counts in the proxy what the page shows", async () => {
    const browser = new Browser(app);
    for (const visits of [1, 2, 3]) {
      expect(await browser.text("/")).toContain(`<p>Total visits: ${visits}</p>`);
    }
  });

  it("keeps the cookie out of every header that scripts can read", async () => {
    const headers = new Headers((await app.fetch("/")).headers);
    const [cookie = ""] = headers.getSetCookie();
    const value = cookie.split(";")[0]?.split("=")[1];
    expect(value).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    headers.delete("set-cookie");
    expect([...headers].filter(([, text]) => text.includes(value as string))).toEqual([]);
  });

  it("is changed by a route handler", async () => {
    const browser = new Browser(app);
    await browser.text("/");
    expect(await (await browser.send("/handler")).json()).toEqual({ visits: 101 });
    expect(await browser.text("/")).toContain("<p>Total visits: 102</p>");
  });

  for (const way of ["submit", "call"] as const) {
    const sender = { submit: "the browser submits", call: "React calls" }[way];
    it(`is changed by a server action that ${sender}`, async () => {
      const browser = new Browser(app);
      const answer = await browser[way]("/cart", { fruit: "plums" });
      expect(answer.status).toBe(200);
      expect(await browser.text("/cart")).toContain('<output>{"plums":1}</output>');
    });
  }

  it("gives client components what the definition exposes, in the first HTML, and nothing else", async () => {
    const browser = new Browser(app);
    expect(await browser.text("/member")).toContain("<p>Signed out</p>");
    await browser.send("/member/login", { method: "POST" });
    const html = await browser.text("/member");
    expect(html).toContain("<p>Signed in as Ada</p>");
    expect(html).not.toContain("for the server alone");
  });

  it("is imported by plain Node, and its command runs", async () => {
    const script = `
      import { defineSession } from "next-signed-session";
      import "next-signed-session/testing";
      import "next-signed-session/sqlite";
      import "next-signed-session/flask";
      const { encode, decode } = defineSession({ secret: "a secret of the packed tests, 0123456789", format: "sealed" });
      console.log((await decode(await encode({ visits: 3 }))).data);`;
    const printed = await app.run("node", "--input-type=module", "--eval", script);
    expect(printed).toBe("{ visits: 3 }\n");
    expect(await app.run("next-signed-session", "secret")).toMatch(/^[\w-]{43}\n$/);
  });

  it("brings the README along, with links that work on npm's page", () => {
    const readme = app.read("node_modules/next-signed-session/README.md");
    const links = [...readme.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => link as string);
    expect(links.length).toBeGreaterThan(20);
    expect(links.filter((link) => !/^(https:|#)/.test(link))).toEqual([]);
    expect(readme).toContain("npm install next-signed-session");
    expect(readme).not.toContain("npm test");
  });
});
