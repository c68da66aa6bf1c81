import fc from "fast-check";
import * as ironSession8 from "iron-session-8";
import { defaults, unseal } from "iron-webcrypto";
import { describe, expect, it } from "vitest";
import { BASE64URL } from "../support/base64url.ts";
import { lengthened, withAnotherCharacter } from "../support/changed-text.ts";
import { NOW } from "../support/fixed.ts";
import {
  codec,
  cookie,
  idleTimeout,
  PASSWORD,
  sealedByHand,
} from "../support/iron-session-cookie.ts";
import { junkText } from "../support/junk-text.ts";
import { stopDate } from "../support/stopped-date.ts";

stopDate();

describe("an iron-session cookie that was changed", () => {
  it("is refused when any one character is another", async () => {
    for (const changed of withAnotherCharacter(
      cookie,
      (code) => `${String.fromCharCode(code ^ 1, code ^ 32)}*`,
    )) {
      expect(await codec.decode(changed), changed).toMatchObject({ ok: false });
    }
  });

  it("is refused when cut or lengthened, at any place", async () => {
    for (let at = 0; at < cookie.length; at++) {
      expect(await codec.decode(cookie.slice(0, at))).toMatchObject({ ok: false });
    }
    for (const longer of lengthened(cookie, ["A", "*"])) {
      expect(await codec.decode(longer), longer).toMatchObject({ ok: false });
    }
  });

  it("is refused in every other spelling of the same mac, which iron-webcrypto takes", async () => {
    const sealed = cookie.slice(0, -"~2".length);
    const last = BASE64URL.indexOf(sealed.slice(-1));
    for (const unusedBits of [1, 2, 3]) {
      const respelled = sealed.slice(0, -1) + BASE64URL.charAt(last ^ unusedBits);
      expect(await unseal(respelled, PASSWORD, defaults)).toEqual({ visits: 3 });
      expect(await codec.decode(`${respelled}~2`)).toEqual({ ok: false, reason: "malformed" });
    }
  });

  it.each(["", "~", "~0", "~1", "~9", "~02", "~2 ", "~2~2", "~2~1", "~22", "~two", "~²"])(
    "is malformed with the version marker %j, which no mac covers",
    async (marker) => {
      const changed = cookie.replace("~2", marker);
      expect(await codec.decode(changed)).toEqual({ ok: false, reason: "malformed" });
    },
  );

  it("never hands out what older versions called persistent, as 8 does at the marker's word", async () => {
    const value = await ironSession8.sealData(
      { user: "mallory", persistent: { user: "admin" } },
      { password: PASSWORD },
    );
    const flipped = value.replace("~2", "~1");
    expect(await ironSession8.unsealData(flipped, { password: PASSWORD })).toEqual({
      user: "admin",
    });
    expect(await codec.decode(flipped)).toEqual({ ok: false, reason: "malformed" });
    expect(await codec.decode(value)).toMatchObject({ payload: { data: { user: "mallory" } } });
  });

  it.each([
    ["seven parts", cookie.replace(/\*[^*]+~2$/, "~2")],
    ["nine parts", cookie.replace("~2", "*A~2")],
    ["an empty part more", cookie.replace("~2", "*~2")],
    ["empty parts", "Fe26.2*******~2"],
    ["empty salts", cookie.replace(/\*[\da-f]{64}\*/g, "**")],
    ["a salt in capital letters", cookie.replace(/[\da-f]{64}/, (salt) => salt.toUpperCase())],
    ["a salt a thousand times as long", cookie.replace(/[\da-f]{64}/, "0".repeat(64_000))],
    ["an expiry that is no number", cookie.replace("1701209600000", "tomorrow")],
    ["an expiry that begins with zero", cookie.replace("1701209600000", "01701209600000")],
    ["a negative expiry", cookie.replace("1701209600000", "-1701209600000")],
    ["a password id beyond ASCII", cookie.replace("*1*", "*é*")],
    ["no password id", cookie.replace("*1*", "**")],
  ])("is malformed with %s", async (_label, value) => {
    expect(await codec.decode(value)).toEqual({ ok: false, reason: "malformed" });
  });

  it.each([
    ["the prefix of iron's first version", cookie.replace("Fe26.2", "Fe26.1")],
    ["another prefix", cookie.replace("Fe26.2", "Fe27.2")],
    ["nothing at all", ""],
    ["text beyond ASCII", "你好😀"],
  ])("is of an unknown format with %s", async (_label, value) => {
    expect(await codec.decode(value)).toEqual({ ok: false, reason: "unknown-format" });
  });

  it("is refused whatever the visitor sends, and never throws", async () => {
    const part = fc.oneof(junkText(30), fc.constantFrom(...cookie.split("*")));
    const junk = fc.oneof(
      junkText(300),
      fc.array(part, { maxLength: 9 }).map((parts) => `${["Fe26.2", ...parts].join("*")}~2`),
    );
    await fc.assert(
      fc.asyncProperty(junk, async (value) => {
        expect(await codec.decode(value)).toMatchObject({ ok: false });
      }),
      { numRuns: 300 },
    );
  });
});

describe("an iron-session cookie that only a holder of the password can have made", () => {
  it.each(["", "null", "[]", '"text"', "7", "{", '{"visits":3', '{"visits":NaN}'])(
    "and holds %j: malformed",
    async (json) => {
      expect(await codec.decode(`${await sealedByHand(json)}~2`)).toEqual({
        ok: false,
        reason: "malformed",
      });
    },
  );

  it("and holds data nested deeper than a session can be: malformed", async () => {
    const nested = (levels: number) => `{"a":${"[".repeat(levels)}${"]".repeat(levels)}}`;
    expect(await codec.decode(`${await sealedByHand(nested(100))}~2`)).toMatchObject({ ok: true });
    expect(await codec.decode(`${await sealedByHand(nested(1000))}~2`)).toEqual({
      ok: false,
      reason: "malformed",
    });
  });

  it("and has a time beyond all clocks: valid until then", async () => {
    expect(await codec.decode(`${await sealedByHand("{}", 1e30)}~2`)).toEqual({
      ok: false,
      reason: "malformed",
    });
    expect(await codec.decode(`${await sealedByHand("{}", 1e15)}~2`)).toMatchObject({
      ok: true,
      issuedAt: NOW - idleTimeout,
    });
  });
});
