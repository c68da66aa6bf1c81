import { createCipheriv, createHmac } from "node:crypto";
import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { defaults, unseal } from "iron-webcrypto";
import { describe, expect, it } from "vitest";
import golden from "../golden/sealed/golden.json" with { type: "json" };
import { BASE64URL } from "../support/base64url.ts";
import { lengthened, neighboursOf, withAnotherCharacter } from "../support/changed-text.ts";
import { NOW } from "../support/fixed.ts";
import { junkText } from "../support/junk-text.ts";
import { codec, counter, keys } from "../support/sealed-cookie.ts";

const [, , , counterIv = ""] = counter.split("*");

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

describe("a sealed cookie that was changed", () => {
  it("is refused when any one character is another", async () => {
    for (const changed of withAnotherCharacter(counter, (code) => `${neighboursOf(code)}A_*`)) {
      expect(await codec.decode(changed), changed).toMatchObject({ ok: false });
    }
  });

  it("is refused when cut, lengthened or padded, at any place", async () => {
    for (let at = 0; at < counter.length; at++) {
      expect(await codec.decode(counter.slice(0, at))).toMatchObject({ ok: false });
      expect(await codec.decode(counter.slice(at + 1))).toMatchObject({ ok: false });
    }
    for (const longer of lengthened(counter, ["A", "*", "=", " "])) {
      expect(await codec.decode(longer), longer).toMatchObject({ ok: false });
    }
    for (const end of ["=", "A", "*", " ", "\n", "~2"]) {
      expect(await codec.decode(counter + end)).toEqual({ ok: false, reason: "malformed" });
    }
  });

  it("is refused in every other spelling of the same mac, which iron-webcrypto takes", async () => {
    const last = BASE64URL.indexOf(counter.slice(-1));
    for (const unusedBits of [1, 2, 3]) {
      const respelled = counter.slice(0, -1) + BASE64URL.charAt(last ^ unusedBits);
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
    parts[index] = part.slice(0, -1) + BASE64URL.charAt(BASE64URL.indexOf(part.slice(-1)) ^ 1);
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
