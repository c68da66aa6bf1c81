import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { deriveKey } from "../../src/crypto/key-derivation.ts";
import { createSigner } from "../../src/crypto/signer.ts";
import golden from "../golden/signed/golden.json" with { type: "json" };
import { BASE64URL } from "../support/base64url.ts";
import { lengthened, neighboursOf, withAnotherCharacter } from "../support/changed-text.ts";
import { anyCharacter } from "../support/characters.ts";
import { NOW, OLDER_SECRET, SECRET } from "../support/fixed.ts";

const signerOf = (...secrets: string[]) =>
  createSigner({
    secrets,
    digest: "SHA-256",
    deriveKey: (secret) => deriveKey(secret, ["signed", "session"]),
  });

const signer = signerOf(SECRET);

/** A token as only a holder of the secret can make it, with anything at all inside. */
async function signedByHand(message: string): Promise<string> {
  const key = await deriveKey(SECRET, ["signed", "session"]);
  return `${message}.${createHmac("sha256", key).update(message).digest("base64url")}`;
}

describe("a signed token", () => {
  it.each(golden.timestamps)("is itsdangerous' own at $issuedAt", async ({ issuedAt, token }) => {
    expect(await signer.sign("e30", issuedAt)).toBe(token);
    expect(await signer.unsign(token)).toEqual({
      ok: true,
      payload: "e30",
      issuedAt,
      secretIndex: 0,
    });
  });

  it("may hold any payload, with dots or empty", async () => {
    for (const payload of ["", ".", "a.b.c", ".eJw", "你好"]) {
      const token = await signer.sign(payload, NOW);
      expect(await signer.unsign(token)).toMatchObject({ ok: true, payload, issuedAt: NOW });
    }
  });

  it("comes back whole, whatever payload and time it was made of", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: "grapheme" }),
        fc.nat({ max: 253_402_300_799 }),
        async (payload, issuedAt) => {
          const token = await signer.sign(payload, issuedAt);
          expect(await signer.unsign(token)).toEqual({
            ok: true,
            payload,
            issuedAt,
            secretIndex: 0,
          });
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("a token that was changed", () => {
  const token = golden.payloads["the visit counter"].token;

  it("is refused when any one character is another", async () => {
    for (const changed of withAnotherCharacter(token, (code) => `${neighboursOf(code)}A_-.`)) {
      expect(await signer.unsign(changed), changed).toMatchObject({ ok: false });
    }
  });

  it("is refused when cut, lengthened or padded, at any place", async () => {
    for (let at = 0; at < token.length; at++) {
      expect(await signer.unsign(token.slice(0, at))).toMatchObject({ ok: false });
      expect(await signer.unsign(token.slice(at + 1))).toMatchObject({ ok: false });
    }
    for (const longer of lengthened(token, ["A", ".", "=", " "])) {
      expect(await signer.unsign(longer), longer).toMatchObject({ ok: false });
    }
    for (const end of ["=", "==", "A", " ", "\n"]) {
      expect(await signer.unsign(token + end)).toEqual({ ok: false, reason: "bad-signature" });
    }
  });

  it("is refused when another spelling of the same signature bytes stands there", async () => {
    // 43 characters carry 258 bits, of which the last two are not part of the signature.
    const last = BASE64URL.indexOf(token.slice(-1));
    const respelled = token.slice(0, -1) + BASE64URL.charAt(last ^ 1);
    expect(Buffer.from(respelled.split(".")[2] as string, "base64url")).toEqual(
      Buffer.from(token.split(".")[2] as string, "base64url"),
    );
    expect(await signer.unsign(respelled)).toEqual({ ok: false, reason: "bad-signature" });
  });

  it("is refused in the alphabet of plain base64", async () => {
    const urlSafe = golden.payloads["an empty session"].token;
    expect(await signer.unsign(urlSafe)).toMatchObject({ ok: true });
    const plain = urlSafe.replaceAll("-", "+").replaceAll("_", "/");
    expect(plain).not.toBe(urlSafe);
    expect(await signer.unsign(plain)).toEqual({ ok: false, reason: "bad-signature" });
  });

  it("is refused when payload and timestamp are shifted into one another", async () => {
    const [payload, timestamp, signature] = token.split(".") as [string, string, string];
    for (const shifted of [
      `${payload}${timestamp}.${signature}`,
      `${payload.slice(0, -1)}.${payload.slice(-1)}${timestamp}.${signature}`,
      `${payload}..${timestamp}.${signature}`,
      `.${token}`,
    ]) {
      expect(await signer.unsign(shifted), shifted).toMatchObject({ ok: false });
    }
  });

  it.each(["", ".", "a", "a.b", ".b", "a."])("that is %j has not even the layout", async (junk) => {
    expect(await signer.unsign(junk)).toEqual({ ok: false, reason: "malformed" });
  });

  it.each(["..", "...", "a.b.c", `${"x".repeat(9)}.AA.`, "a.b.\u{1f600}"])(
    "that is %j has the layout and no signature",
    async (junk) => {
      expect(await signer.unsign(junk)).toEqual({ ok: false, reason: "bad-signature" });
    },
  );

  it("is refused whatever the visitor sends, and never throws", async () => {
    const parts = fc.array(fc.string({ unit: anyCharacter }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(parts, async (junk) => {
        expect(await signer.unsign(junk.join("."))).toMatchObject({ ok: false });
      }),
      { numRuns: 500 },
    );
  });
});

describe("a token that only a holder of the secret can have made", () => {
  it("has a time of more than 48 bits: malformed", async () => {
    const longest = Buffer.alloc(6, 255).toString("base64url");
    expect(await signer.unsign(await signedByHand(`e30.${longest}`))).toMatchObject({
      ok: true,
      issuedAt: 2 ** 48 - 1,
    });
    const longer = Buffer.from([1, 0, 0, 0, 0, 0, 0]).toString("base64url");
    for (const [timestamp, expected] of [
      [longer, "malformed"],
      ["_".repeat(2000), "malformed"],
      ["A".repeat(2000), 0],
    ] as const) {
      const unsigned = await signer.unsign(await signedByHand(`e30.${timestamp}`));
      expect(unsigned.ok ? unsigned.issuedAt : unsigned.reason).toBe(expected);
    }
  });

  it.each(["!!!!", "a b", "AAAAA", "=", "你好"])("has %j for a time: malformed", async (time) => {
    expect(await signer.unsign(await signedByHand(`e30.${time}`))).toEqual({
      ok: false,
      reason: "malformed",
    });
  });
});

describe("rotation of secrets", () => {
  it("signs with the first and verifies with all, telling which", async () => {
    const rotated = signerOf(SECRET, OLDER_SECRET);
    const old = await signerOf(OLDER_SECRET).sign("e30", NOW);
    expect(await rotated.unsign(old)).toMatchObject({ ok: true, secretIndex: 1 });
    expect(await rotated.sign("e30", NOW)).toBe(await signer.sign("e30", NOW));
    expect(await rotated.unsign(await rotated.sign("e30", NOW))).toMatchObject({ secretIndex: 0 });
  });

  it("refuses what was signed under a secret that is no longer listed", async () => {
    const old = await signerOf(OLDER_SECRET).sign("e30", NOW);
    expect(await signer.unsign(old)).toEqual({ ok: false, reason: "bad-signature" });
  });
});

describe("the keys", () => {
  it("are derived once each, for all the calls there are, and not before the first", async () => {
    const derive = vi.fn((secret: string) => deriveKey(secret, ["signed", "session"]));
    const lazy = createSigner({
      secrets: [SECRET, OLDER_SECRET],
      digest: "SHA-256",
      deriveKey: derive,
    });
    expect(derive).not.toHaveBeenCalled();
    const tokens = await Promise.all([1, 2, 3].map((time) => lazy.sign("e30", time)));
    await Promise.all(tokens.map((token) => lazy.unsign(token)));
    expect(derive.mock.calls).toEqual([[SECRET], [OLDER_SECRET]]);
  });

  it.each([
    ["SHA-1", "sha1"],
    ["SHA-256", "sha256"],
    ["SHA-384", "sha384"],
    ["SHA-512", "sha512"],
  ] as const)("sign with %s as node:crypto's %s does", async (digest, algorithm) => {
    const key = new Uint8Array([1, 2, 3]);
    const short = createSigner({ secrets: [SECRET], digest, deriveKey: () => key });
    const expected = createHmac(algorithm, key).update("e30.ZVPxAA").digest("base64url");
    expect(await short.sign("e30", NOW)).toBe(`e30.ZVPxAA.${expected}`);
  });
});
