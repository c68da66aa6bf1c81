import { describe, expect, it, vi } from "vitest";
import { SessionOptionError } from "../../src/errors/errors.ts";
import { checkOptions } from "../../src/options/check-options.ts";
import type { SessionOptions } from "../../src/options/options.ts";
import { DAY, NOW, SECRET, stoppedClock } from "../support/fixed.ts";
import { refusalOf, settingsOf } from "../support/settings.ts";
import { thrownBy } from "../support/thrown.ts";

describe("options that are not given", () => {
  it("have Flask's defaults, and SameSite=Lax", () => {
    expect(settingsOf()).toMatchObject({
      name: "session",
      format: { format: "signed", secrets: [SECRET] },
      accept: [],
      attributes: {
        path: "/",
        domain: undefined,
        httpOnly: true,
        secure: false,
        sameSite: "lax",
        partitioned: false,
        priority: undefined,
      },
      lifetime: { idleTimeout: 31 * DAY, refreshAfter: DAY, absoluteTimeout: undefined },
      chunk: false,
      compress: false,
      schema: undefined,
      migrate: undefined,
    });
  });

  it("may be given as undefined, which is the same", () => {
    const everyOption = {
      name: undefined,
      cookie: {
        path: undefined,
        domain: undefined,
        sameSite: undefined,
        secure: undefined,
        httpOnly: undefined,
        partitioned: undefined,
        priority: undefined,
      },
      idleTimeout: undefined,
      refreshAfter: undefined,
      absoluteTimeout: undefined,
      format: undefined,
      accept: undefined,
      chunk: undefined,
      compress: undefined,
      schema: undefined,
      migrate: undefined,
      onReject: undefined,
    };
    expect(JSON.stringify(settingsOf(everyOption))).toBe(JSON.stringify(settingsOf()));
  });

  it.each([
    ["production", true],
    ["development", false],
    ["test", false],
    ["", false],
  ])("make the cookie Secure or not by NODE_ENV=%s: %s", (environment, secure) => {
    vi.stubEnv("NODE_ENV", environment);
    expect(settingsOf().attributes.secure).toBe(secure);
    expect(settingsOf({ cookie: { secure: !secure } }).attributes.secure).toBe(!secure);
  });

  it.each<[string, object]>([
    ["__Host-session", {}],
    ["__Host-session", { format: "sealed" }],
    ["__Secure-session", { cookie: { domain: "example.com" } }],
    ["__Secure-session", { cookie: { path: "/app" } }],
    ["session", { cookie: { secure: false } }],
    ["session", { format: "flask" }],
    ["session", { format: { format: "flask", digest: "SHA-512" } }],
    ["session", { format: "starlette" }],
    ["id", { name: "id" }],
    ["session", { name: "session" }],
  ])("name the cookie %s in production with %j", (name, options) => {
    vi.stubEnv("NODE_ENV", "production");
    expect(settingsOf(options).name).toBe(name);
  });

  it.each<[string, object]>([
    ["session", {}],
    ["session", { cookie: { domain: "example.com" } }],
    ["__Host-session", { cookie: { secure: true } }],
    ["__Secure-session", { cookie: { secure: true, domain: "example.com" } }],
    ["session", { cookie: { secure: true }, format: "flask" }],
  ])("name the cookie %s in development with %j", (name, options) => {
    vi.stubEnv("NODE_ENV", "development");
    expect(settingsOf(options).name).toBe(name);
  });

  it("make a cookie Secure that is sent over https, if nothing else decides it", () => {
    expect(settingsOf().isSecureOverHttps).toBe(true);
    expect(settingsOf({ cookie: { secure: false } }).isSecureOverHttps).toBe(false);
  });

  it("take the time of the machine, in whole seconds", () => {
    vi.useFakeTimers({ now: NOW * 1000 + 999 });
    expect(checkOptions({ secret: SECRET }).now()).toBe(NOW);
    vi.useRealTimers();
  });
});

describe("the clock", () => {
  it("is read in milliseconds at each call, and returned in whole seconds", () => {
    const clock = stoppedClock();
    const { now } = settingsOf({ clock });
    clock.pass(0.999);
    expect(now()).toBe(NOW);
    clock.pass(0.001);
    expect(now()).toBe(NOW + 1);
  });
});

describe("the other options", () => {
  const schema = { "~standard": { version: 1, vendor: "tests", validate: () => ({ value: {} }) } };

  it("are taken as they are given", () => {
    const given = { schema, migrate: () => ({}), onReject: () => {}, chunk: true, compress: true };
    expect(settingsOf(given)).toMatchObject(given);
  });

  it.each(["flask", { format: "flask", digest: "SHA-256" }])(
    "cannot have chunks written that Flask would not read: %j",
    async (format) => {
      expect(await refusalOf({ format, chunk: true })).toBe(
        'The session option `chunk` cannot be true. Allowed: false beside `format: "flask"`, since Flask reads one cookie only.',
      );
      expect(settingsOf({ format, chunk: false }).chunk).toBe(false);
      expect(settingsOf({ accept: [format], chunk: true }).chunk).toBe(true);
    },
  );

  it("have nothing compressed that is so already, or is not in the cookie", async () => {
    expect(await refusalOf({ format: "flask", compress: true })).toBe(
      'The session option `compress` cannot be true. Allowed: false beside `format: "flask"`, which compresses as Flask does.',
    );
    expect(await refusalOf({ store: new Map(), compress: true })).toBe(
      "The session option `compress` cannot be true. Allowed: false beside a `store`, whose cookie holds an id and no data.",
    );
    expect(settingsOf({ accept: ["flask"], compress: true }).compress).toBe(true);
  });

  it.each<[string, unknown, string]>([
    ["chunk", 1, "cannot be 1. Allowed: true or false."],
    ["compress", "deflate", 'cannot be "deflate". Allowed: true or false.'],
    ["migrate", {}, "cannot be {}. Allowed: a function."],
    ["onReject", "log", 'cannot be "log". Allowed: a function.'],
    ["clock", 1_700_000_000, "cannot be 1700000000. Allowed: a function."],
    ["schema", {}, "cannot be {}. Allowed: a schema of a library with Standard Schema: zod from"],
    ["schema", null, "cannot be null. Allowed: a schema"],
    ["cookie", "secure", 'cannot be "secure". Allowed: an object with any of path, domain, same'],
    ["cookie", [], "cannot be []. Allowed: an object with any of path, domain, sameSite, secure"],
  ])("%s cannot be %j", async (option, given, message) => {
    expect(await refusalOf({ [option]: given })).toContain(
      `The session option \`${option}\` ${message}`,
    );
  });

  it.each([
    [{ secrets: [] }, "`secrets`. Allowed: secret, name, cookie, idleTimeout"],
    [{ maxAge: 1 }, "`maxAge`. Allowed: secret, name,"],
    [{ toString: 1 }, "`toString`. Allowed: secret, name,"],
    [
      { cookie: { maxAge: 1 } },
      "`cookie.maxAge`. Allowed: path, domain, sameSite, secure, httpOnly",
    ],
  ])("that do not exist are refused, with those that do: %j", async (options, message) => {
    expect(await refusalOf(options)).toContain(`There is no session option ${message}`);
  });

  it.each([[null], ["text"], [[]], [7]])("cannot be %j in the place of them all", async (given) => {
    const error = await thrownBy(
      () => checkOptions(given as unknown as SessionOptions),
      SessionOptionError,
    );
    expect(error.message).toContain("The session option `options` cannot be ");
    expect(error.message).toContain("Allowed: an object with any of secret, name,");
  });
});

describe("userOf", () => {
  it("makes a session remember when it began, as absoluteTimeout does", () => {
    expect(settingsOf()).toMatchObject({ userOf: undefined, keepsBeginning: false });
    const userOf = () => 7;
    expect(settingsOf({ userOf, store: new Map() })).toMatchObject({
      userOf,
      keepsBeginning: true,
    });
    expect(settingsOf({ userOf }), "a cookie is in no list").toMatchObject({
      keepsBeginning: false,
    });
    const revocation = { before: () => undefined };
    expect(settingsOf({ userOf, revocation })).toMatchObject({ keepsBeginning: true });
    expect(settingsOf({ absoluteTimeout: 60 })).toMatchObject({ keepsBeginning: true });
  });

  it("must be a function", async () => {
    expect(await refusalOf({ userOf: "userId" as never })).toBe(
      'The session option `userOf` cannot be "userId". Allowed: a function.',
    );
  });
});

describe("a refused cookie, without an onReject", () => {
  it("is reported in development with its reason, and ignored in production", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const { onReject } = settingsOf();
    for (const environment of ["production", "test"]) {
      vi.stubEnv("NODE_ENV", environment);
      onReject("expired");
    }
    expect(warn).not.toHaveBeenCalled();
    vi.stubEnv("NODE_ENV", "development");
    onReject("expired");
    expect(warn.mock.calls).toEqual([
      ["[next-signed-session] A session cookie was refused (expired)."],
    ]);
  });
});
