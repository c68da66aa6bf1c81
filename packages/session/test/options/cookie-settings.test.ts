import { describe, expect, it } from "vitest";
import { refusalOf, settingsOf } from "../support/settings.ts";

describe("the cookie's name", () => {
  it.each(["session", "s", "__Secure-", "a.b", "my_app-session", "!#$%&'*+-.^_`|~09azAZ"])(
    "may be %s",
    (name) => {
      expect(settingsOf({ name, cookie: { secure: true } }).name).toBe(name);
    },
  );

  it.each(["", " ", "my session", "session;", "a=b", "a,b", "sitzung-für", "a\n", "(a)", "a/b", 7])(
    "cannot be %j",
    async (name) => {
      expect(await refusalOf({ name })).toBe(
        `The session option \`name\` cannot be ${JSON.stringify(name)}. Allowed: letters, digits and any of !#$%&'*.^_\`|~+- without spaces.`,
      );
    },
  );

  it.each(["session.0", "session.3", ".1"])(
    "cannot be %s, which another session's chunk can have",
    async (name) => {
      expect(await refusalOf({ name })).toBe(
        `The session option \`name\` cannot be "${name}". Allowed: any ending but .0 to .3, which chunks of a session have.`,
      );
    },
  );

  it.each(["session.4", "session0", "session.01", "a.b.c"])("may be %s", (name) => {
    expect(settingsOf({ name }).name).toBe(name);
  });

  it.each(["__Secure-session", "__Host-session", "__host-session", "__SECURE-session"])(
    "%s needs a Secure cookie",
    async (name) => {
      expect(await refusalOf({ name })).toBe(
        `The session option \`name\` cannot be "${name}". Allowed: \`cookie: { secure: true }\` with that prefix, or browsers drop the cookie.`,
      );
      expect(settingsOf({ name, cookie: { secure: true } }).name).toBe(name);
    },
  );

  it.each([{ domain: "example.com" }, { path: "/app" }])(
    "__Host-session goes with no %j",
    async (attribute) => {
      const cookie = { secure: true, ...attribute };
      expect(await refusalOf({ name: "__Host-session", cookie })).toBe(
        'The session option `name` cannot be "__Host-session". Allowed: no `cookie.domain` and the path "/" with the prefix __Host-, or browsers drop the cookie.',
      );
      expect(settingsOf({ name: "__Secure-session", cookie }).attributes).toMatchObject(attribute);
    },
  );
});

describe("the cookie's attributes", () => {
  it.each([
    { path: "/app" },
    { path: "/a b=c,d" },
    { domain: "example.com" },
    { domain: ".example.com" },
    { domain: "localhost" },
    { domain: "a-1.Example.CO" },
    { sameSite: "strict" },
    { sameSite: "none", secure: true },
    { httpOnly: false },
    { partitioned: true, secure: true },
    { priority: "low" },
    { priority: "medium" },
    { priority: "high" },
  ])("may be %j", (cookie) => {
    expect(settingsOf({ cookie }).attributes).toMatchObject(cookie);
  });

  const path = 'a path that begins with "/" and has no ";"';
  const domain = 'a host name such as "example.com"';
  const sameSite = '"lax", "strict", "none"';
  const priority = '"low", "medium", "high"';
  const yesOrNo = "true or false";
  const secureBeside = "`secure: true` beside it, or browsers drop the cookie";
  it.each<[string, unknown, string]>([
    ["path", "", path],
    ["path", "app", path],
    ["path", "/a;Domain=evil.com", path],
    ["path", "/a\r\nX: y", path],
    ["path", "/ü", path],
    ["path", 1, path],
    ["domain", "", domain],
    ["domain", "example.com; Path=/", domain],
    ["domain", "example .com", domain],
    ["domain", "https://example.com", domain],
    ["domain", "example.com:80", domain],
    ["domain", "-example.com", domain],
    ["domain", "example..com", domain],
    ["domain", null, domain],
    ["sameSite", "Lax", sameSite],
    ["sameSite", true, sameSite],
    ["sameSite", "", sameSite],
    ["sameSite", "none", secureBeside],
    ["priority", "High", priority],
    ["priority", 1, priority],
    ["partitioned", true, secureBeside],
    ["partitioned", "yes", yesOrNo],
    ["httpOnly", 0, yesOrNo],
    ["httpOnly", null, yesOrNo],
    ["secure", "auto", yesOrNo],
  ])("%s cannot be %j", async (attribute, given, allowed) => {
    expect(await refusalOf({ cookie: { [attribute]: given } })).toBe(
      `The session option \`cookie.${attribute}\` cannot be ${JSON.stringify(given)}. Allowed: ${allowed}.`,
    );
  });
});
