import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { deflate } from "#primitives";
import { SessionSerializationError } from "../../../src/errors/errors.ts";
import { MAX_INFLATED_BYTES } from "../../../src/formats/codec.ts";
import { flaskCodec } from "../../../src/formats/flask/flask.ts";
import { SessionObject } from "../../../src/session/session-object.ts";
import { unsavedKeys } from "../../../src/session/unsaved-keys.ts";
import golden from "../../golden/flask/golden.json" with { type: "json" };
import { AGE } from "../../support/fixed.ts";
import {
  base64url,
  codec,
  decode,
  isCompressed,
  payloadOf,
  signed,
} from "../../support/flask-cookie.ts";
import { thrownBy } from "../../support/thrown.ts";

const { secret, oldSecret, issuedAt, sessions, variants } = golden;

describe("a cookie that Flask made", () => {
  it.each(sessions)("is read: $name", async ({ text, cookie }) => {
    const { payload, ...rest } = await decode(cookie);
    expect(rest).toMatchObject({ ok: true, issuedAt, secretIndex: 0 });
    expect(payload.permanent).toBe(text.includes('"_permanent":true'));
    expect(payload.data).not.toHaveProperty("_permanent");
  });

  // Flask itself does not keep a flag that is off, and the year 1.
  const changed = ["a session no longer permanent", "datetime.min and datetime.max"];
  const kept = sessions.filter(({ name }) => !changed.includes(name));

  it.each(kept)("is made byte for byte from what was read: $name", async ({ text, cookie }) => {
    const { payload } = await decode(cookie);
    expect(codec.serialize(payload)).toBe(text);
    const ours = await codec.encode(text, issuedAt);
    expect((await decode(ours)).text).toBe(text);
    if (!isCompressed(ours) && !isCompressed(cookie)) expect(ours).toBe(cookie);
  });

  it.each(sessions)("is unmodified until it is changed: $name", async ({ cookie }) => {
    const { payload, text } = await decode(cookie);
    const binding = {
      ...codec,
      begin: () => ({ data: {}, permanent: false }),
      age: AGE,
      async save() {},
    };
    const session = new SessionObject(binding, payload, false, text);
    expect(session.modified).toBe(false);
    Object.assign(session, { another: 1 });
    expect(session.modified).toBe(true);
    expect(unsavedKeys(SessionObject.unsaved(session))).toStrictEqual(["another"]);
  });

  it("may have its keys unsorted, which is no change", async () => {
    const { text } = await decode(signed(base64url('{"b":1,"a":2}')));
    expect(text).toBe('{"a":2,"b":1}');
  });
});

describe("the time of signing", () => {
  it.each([
    ["signed in 1970", 0],
    ["signed one second later", 1],
    ["signed in the year 36812", 2 ** 40],
  ] as const)("%s", async (variant, time) => {
    expect(await codec.decode(variants[variant])).toMatchObject({ ok: true, issuedAt: time });
    expect(await codec.encode('{"visits":3}', time)).toBe(variants[variant]);
  });

  it.each([
    ["too long", Buffer.alloc(9, 0xff).toString("base64url")],
    ["no base64", "*"],
  ])("is malformed where it is %s", async (_, timestamp) => {
    const decoded = await codec.decode(signed(base64url("{}"), timestamp));
    expect(decoded).toStrictEqual({ ok: false, reason: "malformed" });
  });
});

describe("secrets and digests", () => {
  it.each([
    ["SHA-256", variants["signed with SHA-256"]],
    ["SHA-512", variants["signed with SHA-512"]],
  ] as const)("%s, where the application's session interface has it", async (digest, cookie) => {
    const other = flaskCodec([secret], { digest });
    expect(await other.decode(cookie)).toMatchObject({ payload: { data: { visits: 3 } } });
    expect(await other.encode('{"visits":3}', issuedAt)).toBe(cookie);
    expect(await codec.decode(cookie)).toStrictEqual({ ok: false, reason: "bad-signature" });
  });

  it("signs with the first and reads with any (Flask 3.1.0 signed with the last, CVE-2025-47278)", async () => {
    const rotated = flaskCodec([secret, oldSecret]);
    const old = variants["signed by the old secret"];
    expect(await rotated.decode(old)).toMatchObject({ ok: true, secretIndex: 1 });
    expect(await codec.decode(old)).toStrictEqual({ ok: false, reason: "bad-signature" });
    expect(await codec.decode(await rotated.encode("{}", issuedAt))).toMatchObject({ ok: true });
  });

  it("refuses a cookie with any one character changed", async () => {
    const { cookie } = sessions[1] as (typeof sessions)[number];
    for (let at = 0; at < cookie.length; at++) {
      const other = cookie[at] === "A" ? "B" : "A";
      const changed = cookie.slice(0, at) + other + cookie.slice(at + 1);
      expect(await codec.decode(changed), changed).toMatchObject({ ok: false });
    }
  });
});

describe("a valid signature over", () => {
  const text = "all work and no play ".repeat(40);
  const compressed = deflateSync(JSON.stringify({ text }));
  const bomb = deflateSync(JSON.stringify({ text: "a".repeat(MAX_INFLATED_BYTES) }));

  it.each<[string, string]>([
    ["nothing", ""],
    ["no JSON", base64url("{visits:3}")],
    ["JSON that ends too early", base64url('{"visits":3')],
    ["a list", base64url("[]")],
    ["a tuple", base64url('{" t":[]}')],
    ["null", base64url("null")],
    ["a text", base64url('"session"')],
    ["a tag without its content", base64url('{"id":{" u":1}}')],
    ["more nesting than a session has", base64url(`{"a":${"[".repeat(326)}${"]".repeat(326)}}`)],
    ["a compressed nothing", "."],
    ["a zlib stream that is none", `.${base64url("{}")}`],
    ["a zlib stream cut short", `.${compressed.subarray(0, -8).toString("base64url")}`],
    ["a zlib stream without its end", `.${compressed.subarray(0, 10).toString("base64url")}`],
    ["a zlib bomb", `.${bomb.toString("base64url")}`],
  ])("%s is malformed", async (_, part) => {
    expect(await codec.decode(signed(part))).toStrictEqual({ ok: false, reason: "malformed" });
  });

  it("as much as the bound on inflating is read", async () => {
    const longest = "a".repeat(MAX_INFLATED_BYTES - '{"text":""}'.length);
    const cookie = await codec.encode(codec.serialize(payloadOf({ text: longest })), issuedAt);
    expect(isCompressed(cookie)).toBe(true);
    expect((await decode(cookie)).payload.data).toStrictEqual({ text: longest });
  });

  it("more than that is not compressed, since it could not be read back", async () => {
    const text = codec.serialize(payloadOf({ text: "a".repeat(MAX_INFLATED_BYTES) }));
    expect(isCompressed(await codec.encode(text, issuedAt))).toBe(false);
  });

  it("keys and text beyond ASCII, escaped or as UTF-8, is read", async () => {
    const data = { "\ufeffgrüße 😀": "中文" };
    expect((await decode(signed(base64url(JSON.stringify(data))))).payload.data).toStrictEqual(
      data,
    );
    const cookie = await codec.encode(codec.serialize(payloadOf(data)), issuedAt);
    expect(cookie).toMatch(/^[\w.-]+$/);
    expect((await decode(cookie)).payload.data).toStrictEqual(data);
  });
});

describe("a session is compressed", () => {
  it("when that saves a byte and the dot that says so, as itsdangerous has it", async () => {
    const savings: number[] = [];
    for (let length = 0; length < 40; length++) {
      const text = `{"a":"${"b".repeat(length)}"}`;
      const saved = text.length - (await deflate(text)).length;
      expect(isCompressed(await codec.encode(text, issuedAt)), text).toBe(saved > 1);
      savings.push(saved);
    }
    expect(savings, "both sides of the limit").toEqual(expect.arrayContaining([1, 2]));
  });
});

describe("beside the data", () => {
  it("permanent is Flask's _permanent", async () => {
    const text = codec.serialize({ data: { visits: 1 }, permanent: true });
    expect(text).toBe('{"_permanent":true,"visits":1}');
    expect(codec.parse(text)).toMatchObject({ data: { visits: 1 }, permanent: true });
  });

  it("the beginning of the session is kept under a key that Flask carries along", async () => {
    const text = codec.serialize({ data: {}, permanent: false, createdAt: issuedAt });
    expect(text).toBe(`{"_next_signed_session_created_at":${issuedAt}}`);
    expect(codec.parse(text)).toMatchObject({ data: {}, createdAt: issuedAt });
  });

  it("no key of the application's own is taken for it", async () => {
    const text = `{"_created_at":${issuedAt},"created_at":1,"visits":3}`;
    const { payload } = await decode(signed(base64url(text)));
    expect(payload).toMatchObject({ data: { _created_at: issuedAt, created_at: 1, visits: 3 } });
    expect(payload).not.toHaveProperty("createdAt");
    expect(codec.serialize(payload)).toBe(text);
  });

  it.each(["1700000000.5", '"soon"', "null", "true", "[]"])(
    "a beginning that is %s is malformed, or absoluteTimeout could be evaded",
    async (time) => {
      const cookie = signed(base64url(`{"_next_signed_session_created_at":${time}}`));
      expect(await codec.decode(cookie)).toStrictEqual({ ok: false, reason: "malformed" });
    },
  );

  it.each([
    ["_permanent", "set session.permanent instead"],
    ["_next_signed_session_created_at", "use another name"],
  ])("%s as data is refused", async (key, advice) => {
    const error = await thrownBy(
      () => codec.serialize(payloadOf({ [key]: 1 })),
      SessionSerializationError,
    );
    expect(error.message).toContain(advice);
  });
});
