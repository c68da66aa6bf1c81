import { createHash } from "node:crypto";
import fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { SessionError, SessionSecretError } from "../../src/errors/errors.ts";
import { checkOptions } from "../../src/options/check-options.ts";
import type { SessionOptions } from "../../src/options/options.ts";
import { OLDER_SECRET, SECRET } from "../support/fixed.ts";
import { settingsOf } from "../support/settings.ts";
import { thrownBy } from "../support/thrown.ts";

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
  ])("%s: the message says where to set it, and how to make one", async (_, secret) => {
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

  it("may have white space around it in the environment, such as a line break", () => {
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
      ].map((options) => thrownBy(() => settingsOf(options), SessionError)),
    );
    for (const { message } of refusals) expect(message).not.toContain(secret.slice(0, 20));
  });
});
