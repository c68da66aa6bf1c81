import { describe, expect, it } from "vitest";
import { SessionSecretError } from "../../src/errors/errors.ts";
import { OLDER_SECRET, SECRET } from "../support/fixed.ts";
import { refusalOf, settingsOf } from "../support/settings.ts";
import { thrownBy } from "../support/thrown.ts";

describe("the formats", () => {
  it.each(["signed", "sealed", "flask", "starlette"])(
    "may be %s, to write and to accept",
    (format) => {
      expect(settingsOf({ format }).format).toMatchObject({ format, secrets: [SECRET] });
      expect(settingsOf({ accept: [format] }).accept).toMatchObject([
        { format, secrets: [SECRET] },
      ]);
    },
  );

  it("may be iron-session, to accept only", async () => {
    expect(settingsOf({ accept: ["iron-session"] }).accept).toMatchObject([
      { format: "iron-session" },
    ]);
    expect(await refusalOf({ format: "iron-session" })).toBe(
      'The session option `format` cannot be "iron-session". Allowed: "signed", "sealed", "flask", "starlette".',
    );
  });

  it("may have secrets of their own, which are checked like all others", async () => {
    const [accepted] = settingsOf({
      accept: [{ format: "iron-session", secret: OLDER_SECRET }],
    }).accept;
    expect(accepted?.secrets).toEqual([OLDER_SECRET]);
    const error = await thrownBy(
      () => settingsOf({ accept: [{ format: "flask", secret: "dev" }] }),
      SessionSecretError,
    );
    expect(error.code).toBe("ERR_SESSION_SECRET_TOO_SHORT");
  });

  it("have Flask's digest, SHA-1, unless it is another", async () => {
    expect(settingsOf({ format: "flask" }).format.digest).toBe("SHA-1");
    expect(settingsOf({ format: { format: "flask", digest: "SHA-512" } }).format.digest).toBe(
      "SHA-512",
    );
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
