import { createHmac } from "node:crypto";
import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deflate } from "#primitives";
import { SessionSerializationError } from "../../../src/errors/errors.ts";
import { type Decoded, MAX_INFLATED_BYTES } from "../../../src/formats/codec.ts";
import { flaskCodec } from "../../../src/formats/flask/flask.ts";
import { FlaskMarkup, FlaskUuid, flaskTuple } from "../../../src/formats/flask/values.ts";
import { loadCodec } from "../../../src/formats/load-codec.ts";
import { SessionObject } from "../../../src/session/session-object.ts";
import { unsavedKeys } from "../../../src/session/unsaved-keys.ts";
import golden from "../../golden/flask/golden.json" with { type: "json" };
import { AGE } from "../../support/fixed.ts";
import {
  asRead,
  asWritten,
  describeWithFlask,
  pythonDict,
  type Visit,
} from "../../support/flask.ts";
import { RUNS } from "../../support/runs.ts";
import { thrownBy } from "../../support/thrown.ts";

const { secret, oldSecret, issuedAt, sessions, variants } = golden;
const codec = flaskCodec([secret]);

const isCompressed = (cookie: string) => cookie.startsWith(".");

async function decode(cookie: string): Promise<Decoded> {
  const decoded = await codec.decode(cookie);
  if (!decoded.ok) throw new Error(decoded.reason);
  return decoded;
}

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

describeWithFlask("between Flask and us", (flask) => {
  const signing = { secret, time: issuedAt };

  it(`reads ${RUNS} random cookies of Flask's, and makes the same ones`, async () => {
    let uncompressed = 0;
    await fc.assert(
      fc.asyncProperty(pythonDict("any"), async (value) => {
        const theirs = await flask.sign(value, signing);
        const { payload, text } = await decode(theirs);
        expect(payload.data).toStrictEqual(asRead(value));
        const ours = await codec.encode(codec.serialize(payload), issuedAt);
        expect((await decode(ours)).text).toBe(text);
        if (isCompressed(ours) || isCompressed(theirs)) return;
        expect(ours).toBe(theirs);
        uncompressed++;
      }),
      { numRuns: RUNS },
    );
    expect(uncompressed).toBeGreaterThan(RUNS / 4);
  });

  it(`makes ${RUNS} random cookies that Flask reads`, async () => {
    await fc.assert(
      fc.asyncProperty(pythonDict("fractional"), fc.boolean(), async (value, permanent) => {
        const data = asWritten(value) as Record<string, unknown>;
        const cookie = await codec.encode(codec.serialize({ data, permanent }), issuedAt);
        const { value: read = null } = await flask.unsign(cookie, signing);
        const flag = permanent ? { _permanent: true } : {};
        expect(asRead(read)).toStrictEqual(Object.assign(asRead(value) as object, flag));
      }),
      { numRuns: RUNS },
    );
  });

  // Byte for byte it cannot be: each build of zlib has its own way to look for repetitions.
  it("compresses about as well as Flask, and each inflates what the other deflated", async () => {
    const word = fc.constantFrom("visits", "cart", "pineapples", "é", "\u{1f600}", "100", "admin");
    const session = fc.dictionary(word, fc.array(word, { maxLength: 200 }), { minKeys: 1 });
    let compressed = 0;
    await fc.assert(
      fc.asyncProperty(session, async (data) => {
        const text = codec.serialize(payloadOf(data));
        const ours = await codec.encode(text, issuedAt);
        const { value = null } = await flask.unsign(ours, signing);
        expect(asRead(value)).toStrictEqual({ ...data });
        const theirs = await flask.sign(value, signing);
        expect((await decode(theirs)).text).toBe(text);
        expect(ours.length).toBeLessThan(theirs.length * 1.15);
        if (isCompressed(ours) && isCompressed(theirs)) compressed++;
      }),
      { numRuns: 200 },
    );
    expect(compressed).toBeGreaterThan(100);
  });

  it("counts on in a Flask application, and back", async () => {
    const fromUs = await codec.encode(codec.serialize(payloadOf({ visits: 1 })), issuedAt);
    const visit = await flask.request<Visit>("/", fromUs, signing);
    expect(asRead(visit.session)).toStrictEqual({ visits: 2 });
    expect(visit.permanent).toBe(false);

    expect(visit.setCookie[0]).toMatch(/^session=([^;]+); HttpOnly; Path=\/$/);
    expect((await decode(visit.cookie ?? "")).payload).toMatchObject({
      data: { visits: 2 },
      permanent: false,
    });
  });

  it("is permanent in a Flask application when it is here, and back", async () => {
    const text = codec.serialize({ data: { visits: 1 }, permanent: true });
    const cookie = await codec.encode(text, issuedAt);
    const visit = await flask.request<Visit>("/", cookie, signing);
    expect(visit.permanent).toBe(true);
    expect(visit.setCookie[0]).toContain("Expires=");
    expect((await decode(visit.cookie ?? "")).payload).toMatchObject({
      data: { visits: 2 },
      permanent: true,
    });
  });

  // At Python's default recursion limit a small application writes 325 lists or dicts, or 244 tuples.
  it.each([
    ["list", 320],
    ["dict", 320],
    ["tuple", 240],
  ] as const)(
    "reads a %s nested %i deep, and writes it so that Flask does",
    async (kind, depth) => {
      const nested = await flask.request(`/nest/${kind}/${depth}`, "", signing);
      await expect(flask.request(`/nest/${kind}/${depth + 30}`, "", signing)).rejects.toThrow(
        "500",
      );
      const { payload } = await decode(nested.cookie ?? "");
      const ours = { ...payload, data: { ...payload.data, visits: 1 } };
      const cookie = await codec.encode(codec.serialize(ours), issuedAt);
      const measured = await flask.request("/depth", cookie, signing);
      expect(measured).toMatchObject({ depth, kind });
      expect((await decode(measured.cookie ?? "")).payload.data).toMatchObject({ visits: 2 });
    },
  );

  it("flashes the tuples that Flask's flash() does, and Flask takes them", async () => {
    const flashes = [["message", "Zap"] as const];
    const ours = await codec.encode(codec.serialize(payloadOf({ _flashes: flashes })), issuedAt);
    expect(await flask.request("/flashes", ours, signing)).toMatchObject({
      messages: ["list", [["tuple", ["message", "Zap"]]]],
    });

    const left = await flask.request("/flash/Zap", "", signing);
    expect(left.cookie).toBe(ours);
    const { payload } = await decode(left.cookie ?? "");
    const more = [...(payload.data._flashes as unknown[]), ["error", "Zip"]];
    const both = codec.serialize({ ...payload, data: { _flashes: more } });
    expect(both).toBe('{"_flashes":[{" t":["message","Zap"]},{" t":["error","Zip"]}]}');
    expect(
      await flask.request("/flashes", await codec.encode(both, issuedAt), signing),
    ).toMatchObject({
      messages: [
        "list",
        [
          ["tuple", ["message", "Zap"]],
          ["tuple", ["error", "Zip"]],
        ],
      ],
    });
  });

  it("leaves a list of Flask's where Flask would have put a tuple", async () => {
    const text = '{"_flashes":[["message","Zap"]]}';
    const { payload } = await decode(signed(base64url(text)));
    expect(codec.serialize(payload)).toBe(text);
  });

  it("learns that Flask refuses a signature that is a second in its future", async () => {
    const cookie = await codec.encode("{}", issuedAt);
    const early = { ...signing, time: issuedAt - 1 };
    expect(await flask.unsign(cookie, early)).toStrictEqual({ rejected: "SignatureExpired" });
  });

  it.each([
    ["31 days", 31 * 86_400, 5],
    ["a quarter of an hour", 900, 5],
    ["a minute", 60, 0],
  ])("is read by a Flask that is late, at a lifetime of %s", async (_, idleTimeout, late) => {
    const settings = { format: "flask", secrets: [secret], digest: "SHA-1" } as const;
    const context = { name: "session", idleTimeout, now: () => issuedAt };
    const ours = await loadCodec(settings, context);
    const cookie = await ours.encode("{}", issuedAt);
    const seenAt = (time: number) => flask.unsign(cookie, { secret, time });
    expect(await seenAt(issuedAt - late)).toStrictEqual({ value: ["dict", []] });
    expect(await seenAt(issuedAt - late - 1)).toStrictEqual({ rejected: "SignatureExpired" });
  });

  it("writes a UUID, Markup and tuples for Flask on request", async () => {
    const id = "12345678-1234-5678-1234-56781234abcd";
    const data = {
      id: new FlaskUuid(id),
      banner: new FlaskMarkup("<b>Hi</b>"),
      _flashes: [flaskTuple("message", "Saved.")],
    };
    const cookie = await codec.encode(codec.serialize(payloadOf(data)), issuedAt);
    expect((await flask.unsign(cookie, signing)).value).toStrictEqual([
      "dict",
      [
        ["_flashes", ["list", [["tuple", ["message", "Saved."]]]]],
        ["banner", ["markup", "<b>Hi</b>"]],
        ["id", ["uuid", id]],
      ],
    ]);
  });

  it("shares its fallbacks with Flask, each signing with the first", async () => {
    const rotated = { ...signing, fallbacks: [oldSecret] };
    const ours = flaskCodec([secret, oldSecret]);
    const old = variants["signed by the old secret"];
    expect(await flask.unsign(old, signing)).toStrictEqual({ rejected: "BadTimeSignature" });
    expect(await flask.unsign(old, rotated)).toStrictEqual({
      value: ["dict", [["visits", ["int", "3"]]]],
    });
    expect(await flask.sign(["dict", []], rotated)).toBe(await ours.encode("{}", issuedAt));
  });

  it.each(["sha1", "sha256", "sha384", "sha512"] as const)("agrees on %s", async (digest) => {
    const ours = flaskCodec([secret], { digest: digest.replace("sha", "SHA-") as "SHA-1" });
    expect(await flask.sign(["dict", []], { ...signing, digest })).toBe(
      await ours.encode("{}", issuedAt),
    );
  });

  it("knows from Flask that a cookie of 31 days is still good, and one second more is not", async () => {
    const cookie = await codec.encode("{}", issuedAt);
    const later = (seconds: number) => flask.unsign(cookie, { secret, time: issuedAt + seconds });
    expect(await later(31 * 86_400)).toStrictEqual({ value: ["dict", []] });
    expect(await later(31 * 86_400 + 1)).toStrictEqual({ rejected: "SignatureExpired" });
  });
});

function payloadOf(data: Record<string, unknown>) {
  return { data, permanent: false };
}

function base64url(text: string): string {
  return Buffer.from(text).toString("base64url");
}

/** What Flask's key would sign, whatever stands in it. */
function signed(part: string, timestamp = "ZVPxAA"): string {
  const key = createHmac("sha1", secret).update("cookie-session").digest();
  const message = `${part}.${timestamp}`;
  return `${message}.${createHmac("sha1", key).update(message).digest("base64url")}`;
}
