import fc from "fast-check";
import * as ironSession8 from "iron-session-8";
import * as ironSession9 from "iron-session-9";
import { describe, expect, it, vi } from "vitest";
import { dumpPayload } from "../../src/formats/payload.ts";
import { sealedCodec } from "../../src/formats/sealed.ts";
import { judgeAge } from "../../src/session/lifetime.ts";
import golden from "../golden/iron-session/golden.json" with { type: "json" };
import { DAY, NOW } from "../support/fixed.ts";
import {
  codec,
  codecAt,
  cookie,
  idleTimeout,
  OLDER_PASSWORD,
  PASSWORD,
  sealedByHand,
} from "../support/iron-session-cookie.ts";
import { stopDate } from "../support/stopped-date.ts";

stopDate();

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
