import { createCipheriv, createHmac, hkdfSync } from "node:crypto";
import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { defaults, seal, unseal } from "iron-webcrypto";
import { describe, expect, it, vi } from "vitest";
import { loadPayload } from "../../src/formats/payload.ts";
import { sealedCodec } from "../../src/formats/sealed.ts";
import { signedCodec } from "../../src/formats/signed.ts";
import golden from "../golden/sealed/golden.json" with { type: "json" };
import { NOW, OLDER_SECRET, SECRET } from "../support/fixed.ts";

const codec = sealedCodec("session", [SECRET]);

const keys = {
  id: golden.keys.id,
  encryption: new Uint8Array(Buffer.from(golden.keys.encryption, "hex")),
  integrity: new Uint8Array(Buffer.from(golden.keys.integrity, "hex")),
};

const counter = golden.payloads["the visit counter"].value;
const [, , , counterIv = ""] = counter.split("*");

/** Any UTF-16 at all, lone surrogates too. */
const junkText = (maxLength: number) =>
  fc.array(fc.nat({ max: 0xffff }), { maxLength }).map((codes) => String.fromCharCode(...codes));

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

function signedByHand(message: string): string {
  const mac = createHmac("sha256", keys.integrity).update(message).digest("base64url");
  return `${message}**${mac}`;
}

/** A seal as only a holder of the keys can make it, with anything at all inside. */
function sealedByHand(content: string | Uint8Array): string {
  const cipher = createCipheriv("aes-256-cbc", keys.encryption, Buffer.alloc(16, 7));
  const encrypted = Buffer.concat([cipher.update(content), cipher.final()]).toString("base64url");
  return signedByHand(
    `Fe26.2*${keys.id}**${Buffer.alloc(16, 7).toString("base64url")}*${encrypted}*`,
  );
}

function fixInitializationVector(iv: string): void {
  const bytes = Buffer.from(iv, "base64url");
  vi.spyOn(crypto, "getRandomValues").mockImplementation((array) => {
    (array as unknown as Uint8Array).set(bytes);
    return array;
  });
}

describe("a sealed cookie", () => {
  it.each(Object.entries(golden.payloads))(
    "made by iron-webcrypto is read: %s",
    async (_label, { text, value }) => {
      expect(await codec.decode(value)).toEqual({
        ok: true,
        payload: loadPayload(text),
        text,
        issuedAt: NOW,
        secretIndex: 0,
      });
    },
  );

  it.each(Object.entries(golden.payloads))(
    "is byte for byte iron-webcrypto's with the same initialization vector: %s",
    async (_label, { text }) => {
      const value = await codec.encode(text, NOW);
      fixInitializationVector(value.split("*")[3] as string);
      expect(await seal([NOW, JSON.parse(text)], keys, defaults)).toBe(value);
    },
  );

  it("is unsealed by iron-webcrypto as the issue time and the payload", async () => {
    const value = await codec.encode('{"visits":3}', NOW);
    expect(await unseal(value, { [keys.id]: keys }, defaults)).toEqual([NOW, { visits: 3 }]);
  });

  it("has an initialization vector of its own each time", async () => {
    const values = await Promise.all(Array.from({ length: 50 }, () => codec.encode("{}", NOW)));
    expect(new Set(values.map((value) => value.split("*")[3])).size).toBe(50);
  });

  it("shows neither payload nor issue time", async () => {
    const data = { creditCard: "4111111111111111" };
    const value = await codec.encode(codec.serialize({ data, permanent: true }), NOW);
    const decoded = value
      .split("*")
      .flatMap((part) => [
        part,
        ...["base64url", "hex"].map((as) => Buffer.from(part, as as "hex")),
      ])
      .map((part) => part.toString("latin1"))
      .join();
    for (const secret of ["creditCard", "4111", String(NOW), SECRET]) {
      expect(decoded).not.toContain(secret);
    }
  });

  it("is a cookie value without a character that would need quoting", async () => {
    expect(await codec.encode('{"a":"é;,\\" "}', NOW)).toMatch(/^[\w.*-]+$/);
  });

  it("may hold the line separators that JSON leaves as they are", async () => {
    const text = codec.serialize({ data: { a: "\u2028\u2029" }, permanent: false });
    expect(await codec.decode(await codec.encode(text, NOW))).toMatchObject({ ok: true, text });
  });

  it("comes back whole, whatever data and time it was made of", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.string({ unit: "grapheme" }), fc.jsonValue()),
        fc.boolean(),
        fc.nat({ max: 253_402_300_799 }),
        fc.boolean(),
        async (data, permanent, issuedAt, deflate) => {
          const text = codec.serialize({ data, permanent });
          const value = await codec.encode(text, issuedAt, { deflate });
          expect(await codec.decode(value)).toEqual({
            ok: true,
            payload: loadPayload(text),
            text,
            issuedAt,
            secretIndex: 0,
          });
        },
      ),
    );
  });
});

describe("a deflated sealed cookie", () => {
  it("made by iron-webcrypto and zlib is read", async () => {
    expect(await codec.decode(golden.deflated.value)).toMatchObject({
      ok: true,
      text: golden.deflated.text,
      issuedAt: NOW,
    });
  });

  it("is a fraction of the plain one where the data repeats itself", async () => {
    const { text } = golden.deflated;
    const [plain, deflated] = [
      await codec.encode(text, NOW),
      await codec.encode(text, NOW, { deflate: true }),
    ];
    expect(deflated.length).toBeLessThan(plain.length / 10);
    expect(await codec.decode(deflated)).toMatchObject({ ok: true, text });
  });

  it("is unsealed by iron-webcrypto as the issue time and a string", async () => {
    const value = await codec.encode(golden.deflated.text, NOW, { deflate: true });
    expect(await unseal(value, { [keys.id]: keys }, defaults)).toEqual([
      NOW,
      expect.stringMatching(/^eJ[\w-]+$/),
    ]);
  });
});

describe("a sealed cookie that was changed", () => {
  it("is refused when any one character is another", async () => {
    for (let at = 0; at < counter.length; at++) {
      const code = counter.charCodeAt(at);
      // Its neighbours differ in the lowest bits, which is where a loose decoder would not look.
      for (const character of `${String.fromCharCode(code - 1, code + 1, code ^ 32)}A_*`) {
        if (character === counter.charAt(at)) continue;
        const changed = counter.slice(0, at) + character + counter.slice(at + 1);
        expect(await codec.decode(changed), changed).toMatchObject({ ok: false });
      }
    }
  });

  it("is refused when cut, lengthened or padded, at any place", async () => {
    for (let at = 0; at < counter.length; at++) {
      expect(await codec.decode(counter.slice(0, at))).toMatchObject({ ok: false });
      expect(await codec.decode(counter.slice(at + 1))).toMatchObject({ ok: false });
      for (const more of ["A", "*", "=", " "]) {
        const lengthened = counter.slice(0, at) + more + counter.slice(at);
        expect(await codec.decode(lengthened), lengthened).toMatchObject({ ok: false });
      }
    }
    for (const end of ["=", "A", "*", " ", "\n", "~2"]) {
      expect(await codec.decode(counter + end)).toEqual({ ok: false, reason: "malformed" });
    }
  });

  it("is refused in every other spelling of the same mac, which iron-webcrypto takes", async () => {
    const last = ALPHABET.indexOf(counter.slice(-1));
    for (const unusedBits of [1, 2, 3]) {
      const respelled = counter.slice(0, -1) + ALPHABET.charAt(last ^ unusedBits);
      expect(await unseal(respelled, { [keys.id]: keys }, defaults)).toEqual([NOW, { visits: 3 }]);
      expect(await codec.decode(respelled)).toEqual({ ok: false, reason: "malformed" });
    }
  });

  it.each([
    ["initialization vector", 3],
    ["encrypted part", 4],
  ])("is refused when its %s is the same bytes, respelled", async (_part, index) => {
    const parts = counter.split("*");
    const part = parts[index] as string;
    parts[index] = part.slice(0, -1) + ALPHABET.charAt(ALPHABET.indexOf(part.slice(-1)) ^ 1);
    expect(Buffer.from(parts[index], "base64url")).toEqual(Buffer.from(part, "base64url"));
    expect(await codec.decode(parts.join("*"))).toEqual({ ok: false, reason: "bad-signature" });
  });

  it("is refused when parts of two seals are put together", async () => {
    const a = counter.split("*");
    const b = golden.payloads["the cart"].value.split("*");
    for (const index of [3, 4, 7]) {
      const mixed = a.with(index, b[index] as string).join("*");
      expect(await codec.decode(mixed), mixed).toEqual({ ok: false, reason: "bad-signature" });
    }
  });

  it.each([
    ["seven parts", counter.replace("***", "**")],
    ["nine parts", counter.replace("***", "****")],
    ["nine parts, the last one empty", `${counter}*`],
    ["an expiry put in", counter.replace("***", "*1700000000000**")],
    ["a salt put in", counter.replace("***", "**salt*")],
    ["a key id that is too short", counter.replace(keys.id, "1")],
    ["a key id beyond ASCII", counter.replace(keys.id, "éééééééé")],
    ["nothing but the prefix", "Fe26.2*"],
    ["nothing in any part", "Fe26.2*******"],
    ["plain base64", counter.replaceAll("-", "+").replaceAll("_", "/")],
  ])("is malformed with %s", async (_label, value) => {
    expect(await codec.decode(value)).toEqual({ ok: false, reason: "malformed" });
  });

  it.each([
    ["the prefix of iron's first version", counter.replace("Fe26.2", "Fe26.1")],
    ["the prefix in small letters", counter.replace("Fe26", "fe26")],
    ["a space before it", ` ${counter}`],
    ["nothing at all", ""],
    ["text beyond ASCII", "你好😀"],
    ["a signed cookie", "eyJ2aXNpdHMiOjN9.ZVPxAA.w6OfZvi5a7fILf8eDImoH6fUAf_KipjqymHgC7RWqbs"],
  ])("is of an unknown format with %s", async (_label, value) => {
    expect(await codec.decode(value)).toEqual({ ok: false, reason: "unknown-format" });
  });

  it("is refused whatever the visitor sends, and never throws", async () => {
    const part = fc.oneof(junkText(30), fc.constantFrom("", keys.id, counterIv));
    const junk = fc.oneof(
      junkText(300),
      fc.array(part, { maxLength: 9 }).map((parts) => ["Fe26.2", ...parts].join("*")),
    );
    await fc.assert(
      fc.asyncProperty(junk, async (value) => {
        expect(await codec.decode(value)).toMatchObject({ ok: false });
      }),
      { numRuns: 300 },
    );
  });
});

describe("a seal that only a holder of the keys can have made", () => {
  it("is read if it holds what we write", async () => {
    expect(await codec.decode(sealedByHand('[1,{"visits":3}]'))).toMatchObject({
      ok: true,
      payload: { data: { visits: 3 } },
      issuedAt: 1,
    });
  });

  it.each([
    "",
    "{}",
    '{"visits":3}',
    "[]",
    "[1]",
    "[1,]",
    "[1,[]]",
    "[1,null]",
    '[1,""]',
    '[1,"e30"]',
    "[1,{]",
    "[1,{},{}]",
    '[1,{" d":1}]',
    '[1,{"a":{" x":1}}]',
    "[-1,{}]",
    "[1.5,{}]",
    '["1",{}]',
    "[1e3,{}]",
    "[9999999999999999,{}]",
    "[1,{}] ",
  ])("and holds %j: malformed", async (content) => {
    expect(await codec.decode(sealedByHand(content))).toEqual({ ok: false, reason: "malformed" });
  });

  it("and is cut short of a whole block: refused", async () => {
    const message = `Fe26.2*${keys.id}**${counterIv}*AAAA*`;
    expect(await codec.decode(signedByHand(message))).toEqual({
      ok: false,
      reason: "bad-signature",
    });
  });

  it("and inflates to more than a session can be: malformed", async () => {
    const bomb = deflateSync(`{"a":"${"0".repeat(300_000)}"}`).toString("base64url");
    expect(bomb.length).toBeLessThan(1000);
    expect(await codec.decode(sealedByHand(`[1,"${bomb}"]`))).toEqual({
      ok: false,
      reason: "malformed",
    });
  });

  it("and whose deflated stream is cut: malformed", async () => {
    const cut = deflateSync('{"visits":3}').subarray(0, -6).toString("base64url");
    expect(await codec.decode(sealedByHand(`[1,"${cut}"]`))).toEqual({
      ok: false,
      reason: "malformed",
    });
  });
});

describe("the keys of a seal", () => {
  it("are those of HKDF for encryption and integrity, bound to the cookie's name", async () => {
    const derive = (use: string) =>
      Buffer.from(
        hkdfSync(
          "sha256",
          SECRET,
          "next-signed-session",
          JSON.stringify(["sealed", "session", use]),
          32,
        ),
      ).toString("hex");
    expect(golden.keys.encryption).toBe(derive("encryption"));
    expect(golden.keys.integrity).toBe(derive("integrity"));
    expect((await codec.encode("{}", NOW)).split("*")[1]).toBe(golden.keys.id);
  });

  it("refuse a cookie that was sealed under another name", async () => {
    const moved = golden["under another name"];
    expect(await sealedCodec("session2", [SECRET]).decode(moved)).toMatchObject({ ok: true });
    expect(await codec.decode(moved)).toEqual({ ok: false, reason: "bad-signature" });
  });

  it("refuse a cookie of another name that says it is ours", async () => {
    const otherId = golden["under another name"].split("*")[1] as string;
    const posing = golden["under another name"].replace(otherId, keys.id);
    expect(await codec.decode(posing)).toEqual({ ok: false, reason: "bad-signature" });
  });

  it("have nothing in common with those of the signed format", async () => {
    const signed = await signedCodec("session", [SECRET]).encode("{}", NOW);
    expect(await codec.decode(signed)).toMatchObject({ ok: false });
    expect(await signedCodec("session", [SECRET]).decode(counter)).toMatchObject({ ok: false });
  });

  it("seal with the first secret and unseal with all, telling which", async () => {
    const rotated = sealedCodec("session", [SECRET, OLDER_SECRET]);
    expect(await rotated.decode(golden["under an older secret"])).toMatchObject({
      ok: true,
      payload: { data: { visits: 3 } },
      secretIndex: 1,
    });
    const fresh = await rotated.encode("{}", NOW);
    expect(await rotated.decode(fresh)).toMatchObject({ secretIndex: 0 });
    expect(await codec.decode(fresh)).toMatchObject({ ok: true });
  });

  it("of a secret that is no longer listed unseal nothing", async () => {
    expect(await codec.decode(golden["under an older secret"])).toEqual({
      ok: false,
      reason: "bad-signature",
    });
  });

  it("are derived once, for all the calls there are, and not before the first", async () => {
    const derive = vi.spyOn(crypto.subtle, "deriveBits");
    const lazy = sealedCodec("session", [SECRET, OLDER_SECRET]);
    expect(derive).not.toHaveBeenCalled();
    const values = await Promise.all([1, 2, 3].map((time) => lazy.encode("{}", time)));
    await Promise.all(values.map((value) => lazy.decode(value)));
    expect(derive).toHaveBeenCalledTimes(6);
  });

  it("are never stretched again: no password is involved", async () => {
    const stretch = vi.spyOn(crypto.subtle, "deriveKey");
    await codec.decode(await codec.encode("{}", NOW));
    expect(stretch).not.toHaveBeenCalled();
  });
});
