import fc from "fast-check";
import { expect, it } from "vitest";
import { flaskCodec } from "../../../src/formats/flask/flask.ts";
import { FlaskMarkup, FlaskUuid, flaskTuple } from "../../../src/formats/flask/values.ts";
import { loadCodec } from "../../../src/formats/load-codec.ts";
import golden from "../../golden/flask/golden.json" with { type: "json" };
import {
  asRead,
  asWritten,
  describeWithFlask,
  pythonDict,
  type Visit,
} from "../../support/flask.ts";
import {
  base64url,
  codec,
  decode,
  isCompressed,
  payloadOf,
  signed,
} from "../../support/flask-cookie.ts";
import { RUNS } from "../../support/runs.ts";

const { secret, oldSecret, issuedAt, variants } = golden;

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
