import { createHash } from "node:crypto";
import fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { SessionManager } from "../../src/core/session-manager.ts";
import { SessionError, SessionOptionError, SessionSecretError } from "../../src/errors/errors.ts";
import { checkOptions } from "../../src/options/check-options.ts";
import type { SessionOptions } from "../../src/options/options.ts";
import { DAY, NOW, OLDER_SECRET, SECRET, stoppedClock } from "../support/fixed.ts";
import { thrownBy } from "../support/thrown.ts";

/** Options as a JavaScript user could write them. */
const read = (options: object = {}) =>
  checkOptions({ secret: SECRET, clock: stoppedClock(), ...options } as SessionOptions);

/** The message of the error that these options cause. */
async function refusalOf(options: object): Promise<string> {
  const error = await thrownBy(() => read(options), SessionOptionError);
  expect(error.code).toBe("ERR_SESSION_OPTION");
  return error.message;
}

describe("options that are not given", () => {
  it("have Flask's defaults, and SameSite=Lax", () => {
    expect(read()).toMatchObject({
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
    expect(JSON.stringify(read(everyOption))).toBe(JSON.stringify(read()));
  });

  it.each([
    ["production", true],
    ["development", false],
    ["test", false],
    ["", false],
  ])("make the cookie Secure or not by NODE_ENV=%s: %s", (environment, secure) => {
    vi.stubEnv("NODE_ENV", environment);
    expect(read().attributes.secure).toBe(secure);
    expect(read({ cookie: { secure: !secure } }).attributes.secure).toBe(!secure);
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
    expect(read(options).name).toBe(name);
  });

  it.each<[string, object]>([
    ["session", {}],
    ["session", { cookie: { domain: "example.com" } }],
    ["__Host-session", { cookie: { secure: true } }],
    ["__Secure-session", { cookie: { secure: true, domain: "example.com" } }],
    ["session", { cookie: { secure: true }, format: "flask" }],
  ])("name the cookie %s in development with %j", (name, options) => {
    vi.stubEnv("NODE_ENV", "development");
    expect(read(options).name).toBe(name);
  });

  it("make a cookie Secure that is sent over https, if nothing else decides it", () => {
    expect(read().isSecureOverHttps).toBe(true);
    expect(read({ cookie: { secure: false } }).isSecureOverHttps).toBe(false);
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
    const { now } = read({ clock });
    clock.pass(0.999);
    expect(now()).toBe(NOW);
    clock.pass(0.001);
    expect(now()).toBe(NOW + 1);
  });
});

describe("the secret", () => {
  const readSecrets = (secret?: unknown) =>
    checkOptions({ secret } as SessionOptions).format.secrets;
  const refused = (secret?: unknown) => thrownBy(() => readSecrets(secret), SessionSecretError);

  beforeEach(() => {
    vi.stubEnv("SESSION_SECRET", "");
    vi.stubEnv("SESSION_SECRET_FALLBACKS", "");
  });

  it("comes from the environment, with the older ones behind it", () => {
    vi.stubEnv("SESSION_SECRET", SECRET);
    expect(readSecrets()).toEqual([SECRET]);
    const third = "third-secret-of-the-tests-0123456789";
    vi.stubEnv("SESSION_SECRET_FALLBACKS", ` ${OLDER_SECRET} ,, ${third},`);
    expect(readSecrets()).toEqual([SECRET, OLDER_SECRET, third]);
  });

  it("comes from the option alone where there is one", () => {
    vi.stubEnv("SESSION_SECRET", OLDER_SECRET);
    vi.stubEnv("SESSION_SECRET_FALLBACKS", "another-secret-of-the-tests-0123456789");
    expect(readSecrets(SECRET)).toEqual([SECRET]);
    expect(readSecrets([SECRET, OLDER_SECRET])).toEqual([SECRET, OLDER_SECRET]);
  });

  it.each([
    ["is not there at all", undefined],
    ["is empty", ""],
    ["is an empty list", []],
    ["is a list that begins with an empty one", ["", SECRET]],
  ])("%s: the message tells where to set it, and how to make one", async (_, secret) => {
    const error = await refused(secret);
    expect(error.code).toBe("ERR_SESSION_SECRET_MISSING");
    expect(error.message).toBe(
      "There is no session secret. Set SESSION_SECRET in the environment (in Next.js: in .env.local), or the option `secret`, to at least 32 random characters. `npx next-signed-session secret` prints a good one.",
    );
  });

  it("is missing where there are only fallbacks, none of which may sign", async () => {
    vi.stubEnv("SESSION_SECRET_FALLBACKS", OLDER_SECRET);
    expect((await refused()).code).toBe("ERR_SESSION_SECRET_MISSING");
  });

  it("may have 32 characters and none less", async () => {
    const secret = "x7Kq2-vBn9_Lw4Rt8ZpMd3Hf6JsYc1Ga";
    expect(readSecrets(secret)).toEqual([secret]);
    const error = await refused(secret.slice(1));
    expect(error.code).toBe("ERR_SESSION_SECRET_TOO_SHORT");
    expect(error.message).toBe(
      "The option `secret` has 31 characters; it must be a string of at least 32, so that nobody can guess it. `npx next-signed-session secret` prints a good one.",
    );
  });

  it.each<[string, object, Record<string, string>]>([
    ["The option `secret`", { secret: "short" }, {}],
    ["Entry 2 of the option `secret`", { secret: [SECRET, "short"] }, {}],
    ["SESSION_SECRET", {}, { SESSION_SECRET: "short" }],
    [
      "Entry 2 of SESSION_SECRET_FALLBACKS",
      {},
      { SESSION_SECRET: SECRET, SESSION_SECRET_FALLBACKS: `${OLDER_SECRET}, short` },
    ],
    [
      "The option `format.secret`",
      { secret: SECRET, format: { format: "flask", secret: "short" } },
      {},
    ],
    [
      "The option `accept[1].secret`",
      { secret: SECRET, accept: ["sealed", { format: "flask", secret: "short" }] },
      {},
    ],
    [
      "Entry 2 of the option `accept[0].secret`",
      { secret: SECRET, accept: [{ format: "iron-session", secret: [OLDER_SECRET, "short"] }] },
      {},
    ],
    [
      "The option `accept[0].secret`",
      { secret: SECRET, accept: [{ format: "stored", secret: "short" }] },
      {},
    ],
  ])("is named as it was given: %s", async (name, options, environment) => {
    for (const [variable, value] of Object.entries(environment)) vi.stubEnv(variable, value);
    const error = await thrownBy(() => checkOptions(options as SessionOptions), SessionSecretError);
    expect(error.code).toBe("ERR_SESSION_SECRET_TOO_SHORT");
    expect(error.message.startsWith(`${name} has 5 characters;`), error.message).toBe(true);
  });

  it.each([
    "a".repeat(32),
    " ".repeat(32),
    "password".repeat(4),
    "0101010101010101010101010101010101",
    "correcthorsebattery!".repeat(2),
    "0123456789abcdef0123456789abcdef",
    "my-company-name my-company-name my-company",
  ])("is refused when it is easy to guess: %j", async (secret) => {
    const error = await refused(secret);
    expect(error.code).toBe("ERR_SESSION_SECRET_WEAK");
    expect(error.message).toBe(
      "The option `secret` is easy to guess: it repeats itself, or has hardly any different characters. `npx next-signed-session secret` prints a good one.",
    );
  });

  it("is never called easy to guess when it is 16 random bytes in hexadecimal digits", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
        // fast-check likes zeros: the digest has no pattern.
        const secret = createHash("sha256").update(bytes).digest("hex").slice(0, 32);
        expect(readSecrets(secret)).toEqual([secret]);
      }),
      { numRuns: 1000 },
    );
  });

  it("of the environment may have white space around it, such as a line break", () => {
    vi.stubEnv("SESSION_SECRET", `${SECRET}\n`);
    vi.stubEnv("SESSION_SECRET_FALLBACKS", `${OLDER_SECRET}\r\n`);
    expect(readSecrets()).toEqual([SECRET, OLDER_SECRET]);
    vi.stubEnv("SESSION_SECRET", " \n");
    expect(() => readSecrets()).toThrow("There is no session secret");
  });

  it.each([[42], [null], [{}], [new Uint8Array(32)], [[SECRET, undefined]]])(
    "is refused when it is %o, which is no string",
    async (secret) => {
      const error = await refused(secret);
      expect(error.code).toBe("ERR_SESSION_SECRET_TOO_SHORT");
      expect(error.message).toMatch(/ is an? \w+; it must be a string of at least 32/);
    },
  );

  it.each([
    "replace-this-with-a-secret-of-your-own-at-least-32-characters-long",
    "complex_password_at_least_32_characters_long",
    "better-auth-secret-12345678901234567890",
    "super-secret-jwt-token-with-at-least-32-characters-long",
    "averylogphrasebiggerthanthirtytwochars",
  ])("is refused when it is an example that stands in a README: %s", async (published) => {
    for (const secret of [published, `${published}\n`, published.toUpperCase()]) {
      const error = await refused(secret);
      expect(error.code).toBe("ERR_SESSION_SECRET_PUBLISHED");
      expect(error.message).toBe(
        "The option `secret` is a published example. `npx next-signed-session secret` prints a good one.",
      );
    }
    expect((await refused([SECRET, published])).message).toContain("Entry 2 of the option");
  });

  it("is refused when it is listed twice", async () => {
    const error = await refused([SECRET, OLDER_SECRET, SECRET]);
    expect(error.code).toBe("ERR_SESSION_SECRET_REPEATED");
    expect(error.message).toBe(
      "Entry 3 of the option `secret` is the same as Entry 1 of the option `secret`. List each secret once, the newest first.",
    );
    vi.stubEnv("SESSION_SECRET", SECRET);
    vi.stubEnv("SESSION_SECRET_FALLBACKS", `${OLDER_SECRET},${SECRET}`);
    const repeated = await refused();
    expect(repeated.code).toBe("ERR_SESSION_SECRET_REPEATED");
    expect(repeated.message).toBe(
      "Entry 2 of SESSION_SECRET_FALLBACKS is the same as SESSION_SECRET. List each secret once, the newest first.",
    );
  });

  it("is in no message", async () => {
    const secret = "a-wrong-secret-that-nobody-may-see";
    const refusals = await Promise.all(
      [
        { secret: secret.slice(0, 20) },
        { secret: [secret, secret] },
        { secret, name: "a b" },
        { secret, cookie: [] },
        { accept: { format: "flask", secret } },
        { accept: [{ format: "flask", secret: secret.slice(0, 20) }] },
        { accept: [{ format: "flusk", secret }] },
        { accept: [{ secret }] },
        { format: [{ secret }] },
        { format: { format: "flask", secrets: secret } },
      ].map((options) => thrownBy(() => read(options), SessionError)),
    );
    for (const { message } of refusals) expect(message).not.toContain(secret.slice(0, 20));
  });
});

describe("the cookie's name", () => {
  it.each(["session", "s", "__Secure-", "a.b", "my_app-session", "!#$%&'*+-.^_`|~09azAZ"])(
    "may be %s",
    (name) => {
      expect(read({ name, cookie: { secure: true } }).name).toBe(name);
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
    expect(read({ name }).name).toBe(name);
  });

  it.each(["__Secure-session", "__Host-session", "__host-session", "__SECURE-session"])(
    "%s needs a Secure cookie",
    async (name) => {
      expect(await refusalOf({ name })).toBe(
        `The session option \`name\` cannot be "${name}". Allowed: \`cookie: { secure: true }\` with that prefix, or browsers drop the cookie.`,
      );
      expect(read({ name, cookie: { secure: true } }).name).toBe(name);
    },
  );

  it.each([{ domain: "example.com" }, { path: "/app" }])(
    "__Host-session goes with no %j",
    async (attribute) => {
      const cookie = { secure: true, ...attribute };
      expect(await refusalOf({ name: "__Host-session", cookie })).toBe(
        'The session option `name` cannot be "__Host-session". Allowed: no `cookie.domain` and the path "/" with the prefix __Host-, or browsers drop the cookie.',
      );
      expect(read({ name: "__Secure-session", cookie }).attributes).toMatchObject(attribute);
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
    expect(read({ cookie }).attributes).toMatchObject(cookie);
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

describe("the lifetimes", () => {
  it("are given in seconds or in parts", () => {
    const { lifetime } = read({
      idleTimeout: { days: 2 },
      refreshAfter: 60,
      absoluteTimeout: { days: 1, hours: 12 },
    });
    expect(lifetime).toEqual({
      idleTimeout: 2 * DAY,
      refreshAfter: 60,
      refreshesAll: true,
      absoluteTimeout: 1.5 * DAY,
    });
  });

  it("refresh after a day, or a tenth of a timeout that is shorter than ten", () => {
    const refreshAfter = (idleTimeout: number) => read({ idleTimeout }).lifetime.refreshAfter;
    expect(refreshAfter(10 * DAY + 10)).toBe(DAY);
    expect(refreshAfter(10 * DAY)).toBe(DAY);
    expect(refreshAfter(10 * DAY - 10)).toBe(DAY - 1);
    expect(refreshAfter(15 * 60)).toBe(90);
    expect(refreshAfter(9)).toBe(0);
  });

  it.each([
    [true, {}],
    [true, { format: "sealed" }],
    [true, { format: "starlette" }],
    [false, { format: "flask" }],
    [true, { format: "flask", store: { get() {}, set() {}, delete() {} } }],
  ])("refresh sessions that end with the browser: %s with %j", (refreshesAll, options) => {
    expect(read(options).lifetime.refreshesAll).toBe(refreshesAll);
  });

  it("may refresh with every request, or as late as the session ends", async () => {
    expect(read({ refreshAfter: 0 }).lifetime.refreshAfter).toBe(0);
    const hour = { idleTimeout: 3600, refreshAfter: 3600 };
    expect(read(hour).lifetime.refreshAfter).toBe(3600);
    expect(await refusalOf({ ...hour, refreshAfter: { hours: 2 } })).toBe(
      'The session option `refreshAfter` cannot be {"hours":2}. Allowed: at most `idleTimeout` (3600 seconds), or every session would end before its refresh.',
    );
    expect(await refusalOf({ ...hour, refreshAfter: 3601 })).toContain("cannot be 3601.");
  });

  it.each(["idleTimeout", "absoluteTimeout"])("%s lasts a second at least", async (name) => {
    expect(read({ [name]: 1 }).lifetime).toMatchObject({ [name]: 1 });
    const duration =
      "a number of seconds such as 3600, or parts such as { days: 31 } (days, hours, minutes, seconds)";
    for (const [given, shown, allowed] of [
      [0, "0", "one second or more"],
      [-1, "-1", "one second or more"],
      ["31 days", '"31 days"', duration],
      [Number.NaN, "NaN", duration],
      [1e12, "1000000000000", "a time that ends by the year 9999, the last in a cookie's date"],
    ]) {
      expect(await refusalOf({ [name]: given })).toBe(
        `The session option \`${name}\` cannot be ${shown}. Allowed: ${allowed}.`,
      );
    }
  });

  it("cannot refresh after a negative time", async () => {
    expect(await refusalOf({ refreshAfter: -1 })).toBe(
      "The session option `refreshAfter` cannot be -1. Allowed: zero seconds or more.",
    );
  });
});

describe("the formats", () => {
  it.each(["signed", "sealed", "flask", "starlette"])(
    "may be %s, to write and to accept",
    (format) => {
      expect(read({ format }).format).toMatchObject({ format, secrets: [SECRET] });
      expect(read({ accept: [format] }).accept).toMatchObject([{ format, secrets: [SECRET] }]);
    },
  );

  it("may be iron-session, to accept only", async () => {
    expect(read({ accept: ["iron-session"] }).accept).toMatchObject([{ format: "iron-session" }]);
    expect(await refusalOf({ format: "iron-session" })).toBe(
      'The session option `format` cannot be "iron-session". Allowed: "signed", "sealed", "flask", "starlette".',
    );
  });

  it("may have secrets of their own, which are checked like all others", async () => {
    const [accepted] = read({ accept: [{ format: "iron-session", secret: OLDER_SECRET }] }).accept;
    expect(accepted?.secrets).toEqual([OLDER_SECRET]);
    const error = await thrownBy(
      () => read({ accept: [{ format: "flask", secret: "dev" }] }),
      SessionSecretError,
    );
    expect(error.code).toBe("ERR_SESSION_SECRET_TOO_SHORT");
  });

  it("have Flask's digest, SHA-1, unless it is another", async () => {
    expect(read({ format: "flask" }).format.digest).toBe("SHA-1");
    expect(read({ format: { format: "flask", digest: "SHA-512" } }).format.digest).toBe("SHA-512");
    expect(await refusalOf({ format: { format: "flask", digest: "sha512" } })).toBe(
      'The session option `format.digest` cannot be "sha512". Allowed: "SHA-1", "SHA-256", "SHA-384", "SHA-512".',
    );
  });

  it.each([
    [
      { format: "jwt" },
      '`format` cannot be "jwt". Allowed: "signed", "sealed", "flask", "starlette".',
    ],
    [{ format: { format: "jwt" } }, '`format.format` cannot be "jwt".'],
    [{ format: {} }, "`format.format` cannot be undefined."],
    [{ format: 7 }, "`format` cannot be 7. Allowed: an object with any of format, secret, digest."],
    [{ accept: "flask" }, '`accept` cannot be "flask". Allowed: a list of formats.'],
    [
      { accept: ["none"] },
      '`accept[0]` cannot be "none". Allowed: "signed", "sealed", "flask", "starl',
    ],
    [{ accept: [{ format: "none" }] }, '`accept[0].format` cannot be "none".'],
    [{ accept: [{ form: "flask" }] }, "`accept[0].form`. Allowed: format, secret, digest."],
  ])("cannot be %j", async (options, message) => {
    expect(await refusalOf(options)).toContain(message);
  });
});

describe("the other options", () => {
  const schema = { "~standard": { version: 1, vendor: "tests", validate: () => ({ value: {} }) } };

  it("are taken as they are given", () => {
    const given = { schema, migrate: () => ({}), onReject: () => {}, chunk: true, compress: true };
    expect(read(given)).toMatchObject(given);
  });

  it.each(["flask", { format: "flask", digest: "SHA-256" }])(
    "cannot have chunks written that Flask would not read: %j",
    async (format) => {
      expect(await refusalOf({ format, chunk: true })).toBe(
        'The session option `chunk` cannot be true. Allowed: false beside `format: "flask"`, since Flask reads one cookie only.',
      );
      expect(read({ format, chunk: false }).chunk).toBe(false);
      expect(read({ accept: [format], chunk: true }).chunk).toBe(true);
    },
  );

  it("have nothing compressed that is so already, or is not in the cookie", async () => {
    expect(await refusalOf({ format: "flask", compress: true })).toBe(
      'The session option `compress` cannot be true. Allowed: false beside `format: "flask"`, which compresses as Flask does.',
    );
    expect(await refusalOf({ store: new Map(), compress: true })).toBe(
      "The session option `compress` cannot be true. Allowed: false beside a `store`, whose cookie holds an id and no data.",
    );
    expect(read({ accept: ["flask"], compress: true }).compress).toBe(true);
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
    expect(read()).toMatchObject({ userOf: undefined, keepsBeginning: false });
    const userOf = () => 7;
    expect(read({ userOf, store: new Map() })).toMatchObject({ userOf, keepsBeginning: true });
    expect(read({ userOf }), "a cookie is in no list").toMatchObject({ keepsBeginning: false });
    const revocation = { before: () => undefined };
    expect(read({ userOf, revocation })).toMatchObject({ keepsBeginning: true });
    expect(read({ absoluteTimeout: 60 })).toMatchObject({ keepsBeginning: true });
  });

  it("must be a function", async () => {
    expect(await refusalOf({ userOf: "userId" as never })).toBe(
      'The session option `userOf` cannot be "userId". Allowed: a function.',
    );
  });
});

describe("the store", () => {
  it("is none by default, and waited for 5 seconds", () => {
    expect(read().store).toBeUndefined();
    const store = new Map<string, string>();
    expect(read({ store })).toMatchObject({ store: { backend: store, timeout: 5000 } });
    expect(read({ store, storeTimeout: { minutes: 1 } }).store?.timeout).toBe(60_000);
  });

  it.each([
    ["get", {}],
    ["get", null],
    ["get", "redis://localhost"],
    ["set", { get() {} }],
    ["delete", { get() {}, set() {}, del() {} }],
  ])("must have the method %s, and is not shown where it has not: %j", async (method, store) => {
    const refusalAtStart = async (options: object) => {
      const load = () => SessionManager.load(read(options));
      return (await thrownBy(load, SessionOptionError)).message;
    };
    expect(await refusalAtStart({ store })).toBe(
      `The session option \`store\` has no method ${method}(). Give a Keyv, a KeyvRedis, what sqliteStore() returns, an object with get(key), set(key, value, ttl) and delete(key), or a function that returns one of these.`,
    );
    expect(await refusalAtStart({ store: () => store })).toContain("`store` has no method");
    const accept = [{ format: "stored", store }];
    expect(await refusalAtStart({ accept })).toContain(
      "The session option `accept[0].store` has no method",
    );
  });

  it("may be read beside another, with secrets of its own", () => {
    const store = new Map<string, string>();
    const own = "a secret of the other store, long enough";
    const accept = [{ format: "stored" as const, store, secret: own }];
    expect(read({ accept }).accept).toEqual([
      {
        format: "stored",
        option: "accept[0].store",
        backend: store,
        secrets: [own],
        timeout: 5000,
      },
    ]);
  });
});

describe("a refused cookie, without an onReject", () => {
  it("is reported in development with its reason, and ignored in production", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const { onReject } = read();
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
