import fc from "fast-check";
import * as ironSession8 from "iron-session-8";
import * as ironSession9 from "iron-session-9";
import { defaults, seal, unseal } from "iron-webcrypto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ironSessionCodec } from "../../src/formats/iron-session.ts";
import { dumpPayload } from "../../src/formats/payload.ts";
import { sealedCodec } from "../../src/formats/sealed.ts";
import { judgeAge } from "../../src/session/lifetime.ts";
import golden from "../golden/iron-session/golden.json" with { type: "json" };
import { DAY, NOW } from "../support/fixed.ts";

const PASSWORD = golden.password;
const OLDER_PASSWORD = golden["older password"];
const idleTimeout = 31 * DAY;

const codecAt = (now: number, secrets = [PASSWORD, OLDER_PASSWORD]) =>
  ironSessionCodec({ secrets, idleTimeout, now: () => now });

const codec = codecAt(NOW);

const cookie = (
  golden.cookies.find(
    ({ major, name }) => major === 9 && name === "the defaults",
  ) as (typeof golden.cookies)[number]
).value;

/** Any UTF-16 at all, lone surrogates too. */
const junkText = (maxLength: number) =>
  fc.array(fc.nat({ max: 0xffff }), { maxLength }).map((codes) => String.fromCharCode(...codes));

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** A seal as only a holder of the password can make it, with anything at all inside. */
const sealedByHand = (json: string, ttl = 14 * DAY) =>
  seal(json, { id: "1", secret: PASSWORD }, { ...defaults, ttl: ttl * 1000, encode: () => json });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: NOW * 1000 });
});

afterEach(() => {
  vi.useRealTimers();
});

describe("a cookie that iron-session kept", () => {
  it.each(golden.cookies)(
    "is read as version $major wrote it: $name",
    async ({ name, data, expiresAt, value }) => {
      const payload = { data, permanent: expiresAt !== null, createdAt: NOW };
      expect(await codec.decode(value)).toEqual({
        ok: true,
        payload,
        text: dumpPayload(payload),
        issuedAt: NOW - idleTimeout,
        secretIndex: name === "the older password" ? 1 : 0,
      });
    },
  );

  it.each([
    [8, ironSession8],
    [9, ironSession9],
  ])("is read as version %i writes it today, whatever data it holds", async (_major, peer) => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.string({ unit: "grapheme" }), fc.jsonValue(), { maxKeys: 5 }),
        async (generated) => {
          // What JSON.stringify loses, the sign of zero, is lost before we see it.
          const data = JSON.parse(JSON.stringify(generated));
          const value = await peer.sealData(data, { password: PASSWORD });
          expect(await codec.decode(value)).toMatchObject({ ok: true, payload: { data } });
        },
      ),
    );
  });

  it("keeps data that looks like a tag of ours as data, through a rewrite as well", async () => {
    const data = { " p": { visits: 1 } };
    const read = await codec.decode(await ironSession9.sealData(data, { password: PASSWORD }));
    if (!read.ok) throw new Error(read.reason);
    expect(read.payload).toMatchObject({ data, permanent: true });

    const sealed = sealedCodec("session", [PASSWORD]);
    const rewritten = await sealed.decode(await sealed.encode(read.text, NOW));
    expect(rewritten).toMatchObject({ ok: true, payload: { data, permanent: true } });
  });

  it("keeps a key called __proto__ as data", async () => {
    const read = await codec.decode(`${await sealedByHand('{"__proto__":{"admin":true}}')}~2`);
    if (!read.ok) throw new Error(read.reason);
    expect(Object.keys(read.payload.data)).toEqual(["__proto__"]);
    expect(read.payload.data.admin).toBeUndefined();
  });
});

describe("passwords of iron-session", () => {
  it("are tried whatever id the map gave them", async () => {
    const password = { 7: OLDER_PASSWORD, 12: PASSWORD };
    const value = await ironSession9.sealData({ visits: 3 }, { password });
    expect(value).toMatch(/^Fe26\.2\*12\*/);
    expect(await codec.decode(value)).toMatchObject({ ok: true, secretIndex: 0 });
    expect(await codecAt(NOW, [OLDER_PASSWORD, PASSWORD]).decode(value)).toMatchObject({
      ok: true,
      secretIndex: 1,
    });
  });

  it("that are not listed open nothing", async () => {
    expect(await codecAt(NOW, [OLDER_PASSWORD]).decode(cookie)).toEqual({
      ok: false,
      reason: "bad-signature",
    });
  });

  it("open nothing of the sealed format, which has keys of its own", async () => {
    const sealed = await sealedCodec("session", [PASSWORD]).encode("{}", NOW);
    expect(await codec.decode(sealed)).toEqual({ ok: false, reason: "malformed" });
    expect(await sealedCodec("session", [PASSWORD]).decode(cookie)).toMatchObject({ ok: false });
  });
});

describe("the end of an iron-session cookie", () => {
  const judgedAt = async (now: number, value: string) => {
    const read = await codecAt(now).decode(value);
    if (!read.ok) return read.reason;
    const lifetime = { idleTimeout, refreshAfter: DAY, absoluteTimeout: undefined };
    return judgeAge({ issuedAt: read.issuedAt }, now, lifetime);
  };

  it.each([
    ["shorter than", 3600],
    ["as long as", 31 * DAY],
    ["longer than", 90 * DAY],
  ])("is the one it was given, %s our idleTimeout", async (_length, ttl) => {
    const value = await ironSession9.sealData({ visits: 3 }, { password: PASSWORD, ttl });
    for (const age of [0, 1, ttl / 2, ttl]) {
      expect(await judgedAt(NOW + age, value), `after ${age} s`).toBeUndefined();
    }
    expect(await judgedAt(NOW + ttl + 1, value)).toBe("expired");
    expect(await judgedAt(NOW + 10 * ttl, value)).toBe("expired");
  });

  it("never comes where iron-session set none", async () => {
    const value = await ironSession9.sealData({ visits: 3 }, { password: PASSWORD, ttl: 0 });
    expect(await judgedAt(NOW + 3650 * DAY, value)).toBeUndefined();
  });

  it("is judged by the session's clock, not by the machine's", async () => {
    const value = await ironSession9.sealData({ visits: 3 }, { password: PASSWORD, ttl: 3600 });
    vi.setSystemTime((NOW + 30 * DAY) * 1000);
    expect(await judgedAt(NOW, value)).toBeUndefined();
  });

  it("says nothing before the mac is verified", async () => {
    const postponed = cookie.replace("*1701209600000*", "*1801209600000*");
    expect(postponed).not.toBe(cookie);
    expect(await codec.decode(postponed)).toEqual({ ok: false, reason: "bad-signature" });
  });

  it("makes the session permanent: it outlived the browser in iron-session too", async () => {
    const value = await ironSession9.sealData({}, { password: PASSWORD });
    expect(await codec.decode(value)).toMatchObject({ payload: { permanent: true } });
    const untilTheBrowserCloses = await ironSession9.sealData({}, { password: PASSWORD, ttl: 0 });
    expect(await codec.decode(untilTheBrowserCloses)).toMatchObject({
      payload: { permanent: false },
    });
  });
});

describe("an iron-session cookie that was changed", () => {
  it("is refused when any one character is another", async () => {
    for (let at = 0; at < cookie.length; at++) {
      const code = cookie.charCodeAt(at);
      for (const character of `${String.fromCharCode(code ^ 1, code ^ 32)}*`) {
        if (character === cookie.charAt(at)) continue;
        const changed = cookie.slice(0, at) + character + cookie.slice(at + 1);
        expect(await codec.decode(changed), changed).toMatchObject({ ok: false });
      }
    }
  });

  it("is refused when cut or lengthened, at any place", async () => {
    for (let at = 0; at < cookie.length; at++) {
      expect(await codec.decode(cookie.slice(0, at))).toMatchObject({ ok: false });
      for (const more of ["A", "*"]) {
        const lengthened = cookie.slice(0, at) + more + cookie.slice(at);
        expect(await codec.decode(lengthened), lengthened).toMatchObject({ ok: false });
      }
    }
  });

  it("is refused in every other spelling of the same mac, which iron-webcrypto takes", async () => {
    const sealed = cookie.slice(0, -"~2".length);
    const last = ALPHABET.indexOf(sealed.slice(-1));
    for (const unusedBits of [1, 2, 3]) {
      const respelled = sealed.slice(0, -1) + ALPHABET.charAt(last ^ unusedBits);
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

describe("the work a cookie can cause", () => {
  it("is one key for each secret, where none fits", async () => {
    const stretch = vi.spyOn(crypto.subtle, "deriveKey");
    await codecAt(NOW, ["x".repeat(32), "y".repeat(32), "z".repeat(32)]).decode(cookie);
    expect(stretch).toHaveBeenCalledTimes(3);
  });

  it("is none for what has not the layout", async () => {
    const stretch = vi.spyOn(crypto.subtle, "deriveKey");
    for (const value of ["", "a.b.c", cookie.slice(0, -1), cookie.replace("~2", "~1")]) {
      await codec.decode(value);
    }
    expect(stretch).not.toHaveBeenCalled();
  });
});
