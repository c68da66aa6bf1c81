import { createHash, createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SessionSerializationError } from "../../src/errors/errors.ts";
import type { Decoded } from "../../src/formats/codec.ts";
import { loadCodec } from "../../src/formats/load-codec.ts";
import { starletteCodec } from "../../src/formats/starlette.ts";
import { anyCharacter } from "../support/characters.ts";
import { NOW, OLDER_SECRET, SECRET } from "../support/fixed.ts";
import { describeWithStarlette, type StarletteRequest } from "../support/starlette.ts";
import { thrownBy } from "../support/thrown.ts";
import { sessionsWith, Visitor } from "../support/visitor.ts";

const codec = starletteCodec([SECRET]);

async function decode(cookie: string): Promise<Decoded> {
  const decoded = await codec.decode(cookie);
  if (!decoded.ok) throw new Error(decoded.reason);
  return decoded;
}

/** What Starlette's key would sign, whatever it is. */
function signed(part: string): string {
  const key = createHash("sha1").update(`itsdangerous.Signersigner${SECRET}`).digest();
  const message = `${part}.ZVPxAA`;
  return `${message}.${createHmac("sha1", key).update(message).digest("base64url")}`;
}

const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("a session in Starlette's format", () => {
  it("keeps what JSON keeps, and ints and floats apart, as Python does", async () => {
    const text = '{"int": 1, "float": 1.0, "big": 9007199254740993, "list": [{"é": null}, " t"]}';
    const { payload } = await decode(signed(base64(text)));
    expect(payload.data).toStrictEqual({
      int: 1,
      float: 1,
      big: 9007199254740993n,
      list: [{ é: null }, " t"],
    });
    expect(codec.serialize(payload)).toBe(text.replace("é", "\\u00e9"));
  });

  it("takes Flask's tags for data", async () => {
    const text = '{"a": {" t": [1]}, "b": {" d": "yesterday"}}';
    const { payload } = await decode(signed(base64(text)));
    expect(payload.data).toStrictEqual({ a: { " t": [1] }, b: { " d": "yesterday" } });
    expect(codec.serialize(payload)).toBe(text);
  });

  it("is permanent unless it says that it is not, as the middleware sets a Max-Age", async () => {
    expect((await decode(signed(base64('{"a": 1}')))).payload.permanent).toBe(true);
    expect(codec.serialize({ data: { a: 1 }, permanent: true })).toBe('{"a": 1}');
    const text = codec.serialize({ data: { a: 1 }, permanent: false });
    expect(text).toBe('{"a": 1, "_permanent": false}');
    expect(codec.parse(text)).toMatchObject({ data: { a: 1 }, permanent: false });
  });

  it.each<[unknown, string]>([
    [new Date(0), "a Date"],
    [new Uint8Array(), "a Uint8Array"],
    [new Map(), "a Map"],
    [Number.NaN, "NaN"],
    [undefined, "undefined"],
  ])("refuses what JSON does not keep: %#", async (value, found) => {
    const error = await thrownBy(
      () => codec.serialize({ data: { a: [value] }, permanent: true }),
      SessionSerializationError,
    );
    expect(error.message).toContain(`session.a[0] is ${found}`);
    expect(error.message).toContain("Starlette's format is JSON");
  });

  it.each([
    ["no base64", "*"],
    ["no JSON", base64("{a: 1}")],
    ["a list", base64("[]")],
    ["a beginning that is no time", base64('{"_next_signed_session_created_at": "soon"}')],
  ])("is malformed where a valid signature covers %s", async (_, part) => {
    expect(await codec.decode(signed(part))).toStrictEqual({ ok: false, reason: "malformed" });
  });

  it("is refused with any one character changed", async () => {
    const cookie = await codec.encode('{"a": 1}', NOW);
    for (let at = 0; at < cookie.length; at++) {
      const changed = cookie.slice(0, at) + (cookie[at] === "A" ? "B" : "A") + cookie.slice(at + 1);
      expect(await codec.decode(changed), changed).toMatchObject({ ok: false });
    }
  });

  it("is accepted, and written in the session's own format at the next change", async () => {
    const sessions = await sessionsWith({ accept: ["starlette"] });
    const visitor = new Visitor();
    visitor.cookies.set("session", await codec.encode('{"user": "ada"}', NOW));
    const [cookie] = await visitor.visits(sessions, (session) => {
      expect({ ...session }).toEqual({ user: "ada" });
      session.visits = 1;
    });
    expect(cookie?.maxAge).toBeGreaterThan(0);
    expect(await visitor.finds(sessions)).toEqual({ user: "ada", visits: 1 });
    expect(await codec.decode(cookie?.value ?? "")).toMatchObject({ ok: false });
  });
});

describeWithStarlette("between Starlette and us", (ask) => {
  const request = (changes: Partial<StarletteRequest>): StarletteRequest => ({
    cookie: "",
    secret: SECRET,
    time: NOW,
    set: null,
    ...changes,
  });
  const cookieIn = (header = "") => /^session=([^;]*)/.exec(header)?.[1] ?? "";

  const json = fc.dictionary(
    fc.string({ unit: anyCharacter, maxLength: 8 }).filter((key) => key !== "_permanent"),
    fc.jsonValue({ stringUnit: anyCharacter, maxDepth: 3 }),
    { minKeys: 1, maxKeys: 5 },
  );

  it("reads 1,000 random sessions that it wrote, and makes the same cookies", async () => {
    const values = fc.sample(json, 1000);
    const sets = values.map((data) => codec.serialize({ data, permanent: true }));
    const answers = await ask(sets.map((set) => request({ set })));
    for (const [index, { setCookie }] of answers.entries()) {
      const cookie = cookieIn(setCookie[0]);
      const { payload, text, issuedAt } = await decode(cookie);
      expect(issuedAt).toBe(NOW);
      expect(payload.data).toEqual(values[index]);
      expect(await codec.encode(text, NOW)).toBe(cookie);
    }
  });

  it("writes 1,000 random sessions that it reads", async () => {
    const values = fc.sample(json, 1000);
    const texts = values.map((data) => codec.serialize({ data, permanent: true }));
    const cookies = await Promise.all(texts.map((text) => codec.encode(text, NOW)));
    const answers = await ask(cookies.map((cookie) => request({ cookie })));
    expect(answers.map(({ found }) => found)).toEqual(texts);
  });

  it("shares one session, each changing what the other wrote", async () => {
    const [first] = await ask([request({ set: '{"price": 1.0, "n": 1}' })]);
    const { payload } = await decode(cookieIn(first?.setCookie[0]));
    const data = { ...payload.data, visits: 1 };
    const cookie = await codec.encode(codec.serialize({ ...payload, data }), NOW);
    const [second] = await ask([request({ cookie })]);
    expect(second?.found).toBe('{"price": 1.0, "n": 1, "visits": 1}');
  });

  it("agrees on which secret and which age", async () => {
    const old = await starletteCodec([OLDER_SECRET]).encode('{"a": 1}', NOW);
    const settings = { format: "starlette", secrets: [SECRET], digest: "SHA-1" } as const;
    const context = { name: "session", idleTimeout: 14 * 86_400, now: () => NOW };
    const cookie = await (await loadCodec(settings, context)).encode('{"a": 1}', NOW);
    const answers = await ask([
      request({ cookie: old }),
      request({ cookie, time: NOW - 5 }),
      request({ cookie, time: NOW - 6 }),
      request({ cookie, time: NOW + 14 * 86_400 - 5 }),
      request({ cookie, time: NOW + 14 * 86_400 }),
    ]);
    expect(answers.map(({ found }) => found)).toEqual(["{}", '{"a": 1}', "{}", '{"a": 1}', "{}"]);
  });
});
