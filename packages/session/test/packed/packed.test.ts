import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { Browser } from "./browser.ts";
import { PackedApp } from "./packed-app.ts";
import { releases } from "./releases.ts";

const apps = releases.map((release) => new PackedApp(release));

beforeAll(async () => {
  await Promise.all(apps.map((app) => app.start(inject("tarball"))));
}, 600_000);

afterAll(async () => {
  await Promise.all(apps.map((app) => app.stop()));
}, 120_000);

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
