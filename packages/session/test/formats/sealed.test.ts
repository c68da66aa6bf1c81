import { hkdfSync } from "node:crypto";
import fc from "fast-check";
import { defaults, seal, unseal } from "iron-webcrypto";
import { describe, expect, it, vi } from "vitest";
import { loadPayload } from "../../src/formats/payload.ts";
import { sealedCodec } from "../../src/formats/sealed.ts";
import { signedCodec } from "../../src/formats/signed.ts";
import golden from "../golden/sealed/golden.json" with { type: "json" };
import { NOW, OLDER_SECRET, SECRET } from "../support/fixed.ts";
import { codec, counter, keys } from "../support/sealed-cookie.ts";

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

  it("unseal nothing once their secret is no longer listed", async () => {
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
