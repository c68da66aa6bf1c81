import { createHmac } from "node:crypto";
import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deriveKey } from "../../src/crypto/key-derivation.ts";
import { MAX_INFLATED_BYTES, type Payload } from "../../src/formats/codec.ts";
import { signedCodec } from "../../src/formats/signed.ts";
import { textOfPart } from "../../src/formats/token-part.ts";
import golden from "../golden/signed/golden.json" with { type: "json" };
import { NOW, OLDER_SECRET, SECRET } from "../support/fixed.ts";

const codec = signedCodec("session", [SECRET]);

const bytes = new Uint8Array([0xde, 0xad, 0xbe, 0xef, 0xff]);

/** What each golden text is in JavaScript. */
const decoded: Record<string, Payload> = {
  "an empty session": { data: {}, permanent: false },
  "the visit counter": { data: { visits: 3 }, permanent: false },
  "the cart": { data: { cart: { pineapples: "100", apples: 3 } }, permanent: false },
  "a permanent session": { data: { visits: 1 }, permanent: true },
  "a session that knows its beginning": {
    data: { visits: 1 },
    permanent: false,
    createdAt: NOW - 1000,
  },
  "a permanent one that knows its beginning": {
    data: { visits: 1 },
    permanent: true,
    createdAt: NOW - 1000,
  },
  "every JSON type": {
    data: { a: null, b: true, c: false, d: [], e: {}, f: "", g: [0, -1, 0.5, 1e21] },
    permanent: false,
  },
  "every tag": {
    data: {
      d: new Date(1_700_000_000_123),
      b: bytes,
      n: -12345678901234567890n,
      m: new Map<unknown, unknown>([
        ["a", 1],
        [new Date(0), new Set()],
      ]),
      s: new Set([1, "1"]),
      z: -0,
    },
    permanent: false,
  },
  "data that looks like a tag": {
    data: { a: { " d": 1 }, b: { "  p": 1 } },
    permanent: false,
  },
  "a session that looks like a permanent one": {
    data: { " p": { visits: 1 } },
    permanent: false,
  },
  "text beyond ASCII": { data: { 你好: "é € 😀" }, permanent: false },
  "a lone surrogate": { data: { s: "\ud800" }, permanent: false },
  "a key called __proto__": {
    data: JSON.parse('{"__proto__":{"admin":true}}'),
    permanent: false,
  },
};

describe("the signed format", () => {
  it("has a golden cookie for each case below, and no other", () => {
    expect(Object.keys(decoded)).toEqual(Object.keys(golden.payloads));
  });

  it.each(Object.entries(golden.payloads))("writes %s byte for byte", async (title, vector) => {
    const text = codec.serialize(decoded[title] as Payload);
    expect(text).toBe(vector.text);
    expect(await codec.encode(text, NOW)).toBe(vector.token);
  });

  it.each(Object.entries(golden.payloads))("reads %s", async (title, { text, token }) => {
    expect(await codec.decode(token)).toStrictEqual({
      ok: true,
      payload: { createdAt: undefined, ...decoded[title] },
      text,
      issuedAt: NOW,
      secretIndex: 0,
    });
  });

  it("keeps a Uint8Array a Uint8Array, and not a Buffer", async () => {
    const read = await codec.decode(golden.payloads["every tag"].token);
    const { b } = (read.ok ? read.payload.data : {}) as { b: object };
    expect(Object.getPrototypeOf(b)).toBe(Uint8Array.prototype);
  });

  it("reads a compressed cookie of Python's zlib", async () => {
    expect(await codec.decode(golden.compressed.token)).toMatchObject({
      ok: true,
      text: golden.compressed.text,
      payload: { data: { list: Array(100).fill("the same words again") } },
    });
  });

  it("writes a compressed cookie with a leading dot, and reads it back", async () => {
    const { text } = golden.compressed;
    const token = await codec.encode(text, NOW, { deflate: true });
    expect(token).toMatch(/^\.eJ[\w-]+\.ZVPxAA\.[\w-]{43}$/);
    expect(token.length).toBeLessThan(200);
    expect(await codec.decode(token)).toMatchObject({ ok: true, text });
  });

  it("gives one text for one session, however its text went over the wire", async () => {
    const { text } = golden.compressed;
    for (const deflate of [false, true]) {
      const read = await codec.decode(await codec.encode(text, NOW, { deflate }));
      expect(read.ok && codec.serialize(read.payload)).toBe(text);
    }
  });
});

describe("a signed cookie", () => {
  const { token } = golden.payloads["the visit counter"];

  it("is refused under another name than its own", async () => {
    for (const name of ["sessio", "session2", "Session", "__Host-session", ""]) {
      expect(await signedCodec(name, [SECRET]).decode(token), name).toEqual({
        ok: false,
        reason: "bad-signature",
      });
    }
  });

  it("is refused under another secret, and read under a list that holds its own", async () => {
    expect(await signedCodec("session", [OLDER_SECRET]).decode(token)).toEqual({
      ok: false,
      reason: "bad-signature",
    });
    expect(await signedCodec("session", [OLDER_SECRET, SECRET]).decode(token)).toMatchObject({
      ok: true,
      secretIndex: 1,
    });
  });

  it("is refused after any change of its payload", async () => {
    const [payload, timestamp, signature] = token.split(".") as [string, string, string];
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        const forged = Buffer.from(JSON.stringify(value)).toString("base64url");
        fc.pre(forged !== payload);
        expect(await codec.decode(`${forged}.${timestamp}.${signature}`)).toEqual({
          ok: false,
          reason: "bad-signature",
        });
      }),
      { numRuns: 300 },
    );
  });

  it("is refused with the signature of another of ours", async () => {
    const tokens = Object.values(golden.payloads).map((vector) => vector.token);
    for (const one of tokens) {
      for (const other of tokens) {
        if (one === other) continue;
        const mixed = one.slice(0, one.lastIndexOf(".")) + other.slice(other.lastIndexOf("."));
        expect(await codec.decode(mixed)).toEqual({ ok: false, reason: "bad-signature" });
      }
    }
  });

  it("is refused with the dot of compression put before it", async () => {
    expect(await codec.decode(`.${token}`)).toEqual({ ok: false, reason: "bad-signature" });
    const withoutDot = golden.compressed.token.slice(1);
    expect(await codec.decode(withoutDot)).toEqual({ ok: false, reason: "bad-signature" });
  });

  it("is of an unknown format where it is a seal, whose place would be in `accept`", async () => {
    for (const seal of ["Fe26.2*1*salt*iv*encrypted*expires*salt*mac~2", "Fe26.2*a.b.c"]) {
      expect(await codec.decode(seal)).toEqual({ ok: false, reason: "unknown-format" });
    }
  });
});

describe("a payload that only a holder of the secret can have signed", () => {
  const decodeSigned = async (part: string) => {
    const key = await deriveKey(SECRET, ["signed", "session"]);
    const message = `${part}.ZVPxAA`;
    const signature = createHmac("sha256", key).update(message).digest("base64url");
    return codec.decode(`${message}.${signature}`);
  };
  const base64Url = (text: string) => Buffer.from(text).toString("base64url");

  it.each([
    ["", "nothing"],
    ["null", "null"],
    ["[]", "an array"],
    ['"text"', "a text"],
    ["1", "a number"],
    ["{", "half an object"],
    ["{} {}", "two objects"],
    ['{"a":1}\u0000', "an object and a control character"],
    ['\ufeff{"a":1}', "an object behind a byte order mark"],
    ['{" d":0}', "a Date in the object's place"],
    ['{" m":[]}', "a Map in the object's place"],
    ['{" -":0}', "a negative zero in the object's place"],
    ['{" p":1}', "a permanent number"],
    ['{" p":[{}]}', "a permanent array"],
    ['{" c":1}', "a beginning without a session"],
    ['{" c":[1,2]}', "a beginning of a number"],
    ['{"a":{" x":1}}', "a tag that nobody writes"],
    ['{"a":{" n":"1.5"}}', "a BigInt with a fraction"],
    ['{"a":{" m":1}}', "a Map of a number"],
  ])("%s (%s) is malformed", async (text) => {
    expect(await decodeSigned(base64Url(text))).toEqual({ ok: false, reason: "malformed" });
  });

  it("is read where it is sound", async () => {
    expect(await decodeSigned(base64Url('{"a":1}'))).toMatchObject({ ok: true });
  });

  it("is malformed where it inflates to more than its bound", async () => {
    const inflatingTo = (length: number) => deflateSync(`{}${" ".repeat(length - 2)}`);
    for (const length of [MAX_INFLATED_BYTES + 1, 1 << 24]) {
      const bomb = inflatingTo(length).toString("base64url");
      expect(await decodeSigned(`.${bomb}`)).toEqual({ ok: false, reason: "malformed" });
    }
    const largest = inflatingTo(MAX_INFLATED_BYTES).toString("base64url");
    expect(await decodeSigned(`.${largest}`)).toMatchObject({ ok: true });
  });

  it("takes little longer where it would inflate to much more than its bound", async () => {
    const partOf = (length: number) =>
      `.${deflateSync(Buffer.alloc(length)).toString("base64url")}`;
    const [within, bomb] = [partOf(MAX_INFLATED_BYTES), partOf(100 * MAX_INFLATED_BYTES)];
    const best = async (part: string) => {
      let least = Number.POSITIVE_INFINITY;
      for (let run = 0; run < 10; run++) {
        const before = process.cpuUsage();
        await new Promise((resolve) => resolve(textOfPart(part))).catch(() => {});
        const { user, system } = process.cpuUsage(before);
        least = Math.min(least, user + system);
      }
      return least;
    };
    await best(within);
    // Inflating all of it takes some 40 times as long.
    expect(await best(bomb)).toBeLessThan(20 * (await best(within)));
  });

  it("is malformed where its compression ends too early, were the text already complete", async () => {
    const whole = deflateSync(`{}${" ".repeat(5000)}`);
    expect(await decodeSigned(`.${whole.toString("base64url")}`)).toMatchObject({ ok: true });
    for (let cut = 1; cut < whole.length; cut++) {
      const part = whole.subarray(0, whole.length - cut).toString("base64url");
      expect(await decodeSigned(`.${part}`), `without its last ${cut} bytes`).toEqual({
        ok: false,
        reason: "malformed",
      });
    }
  });

  it("is malformed where its compression is broken or cut short", async () => {
    const sound = golden.compressed.token.slice(1).split(".")[0] as string;
    expect(await decodeSigned(`.${sound}`)).toMatchObject({ ok: true });
    for (const broken of ["", "AAAA", base64Url("{}"), sound.slice(0, -8), sound.slice(2)]) {
      expect(await decodeSigned(`.${broken}`), broken).toEqual({ ok: false, reason: "malformed" });
    }
  });
});
