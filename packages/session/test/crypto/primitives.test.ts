import { createHash, createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  base64UrlToBytes,
  base64UrlToText,
  bytesToBase64Url,
  hmac,
  importHmacKey,
  sha256,
  textToBase64Url,
} from "#primitives";
import type { Digest } from "../../src/crypto/digest.ts";
import { anyCharacter } from "../support/characters.ts";

const DIGESTS: Digest[] = ["SHA-1", "SHA-256", "SHA-384", "SHA-512"];

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, "hex"));
const hex = (base64Url: string) => Buffer.from(base64Url, "base64url").toString("hex");

async function sign(key: Uint8Array<ArrayBuffer>, digest: Digest, message: string) {
  return hmac(await importHmacKey(key, digest), message);
}

describe("an HMAC", () => {
  // RFC 4231, sections 4.2, 4.3, 4.7 and 4.8: the cases whose message is text.
  it.each([
    [
      "a key shorter than a digest",
      "4a656665",
      "what do ya want for nothing?",
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    ],
    [
      "a key of 20 bytes",
      "0b".repeat(20),
      "Hi There",
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
    ],
    [
      "a key longer than a block",
      "aa".repeat(131),
      "Test Using Larger Than Block-Size Key - Hash Key First",
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
    ],
    [
      "key and message longer than a block",
      "aa".repeat(131),
      "This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.",
      "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
    ],
  ])("is RFC 4231's for %s", async (_, key, message, expected) => {
    expect(hex(await sign(bytes(key), "SHA-256", message))).toBe(expected);
  });

  it("is node:crypto's for any key, message and digest, one after the other with one key", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...DIGESTS),
        fc.uint8Array({ minLength: 1, maxLength: 200 }),
        fc.array(fc.string({ unit: anyCharacter, maxLength: 300 }), { minLength: 1 }),
        async (digest, given, messages) => {
          const raw = new Uint8Array(given);
          const key = await importHmacKey(raw, digest);
          for (const message of messages) {
            const expected = createHmac(digest.replace("-", ""), raw).update(message);
            expect(await hmac(key, message)).toBe(expected.digest("base64url"));
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  // Around 4096 UTF-16 units, of which each of these takes as many bytes as any can.
  it.each([4095, 4096, 4097, 20_000])(
    "is node:crypto's for a message of %d units",
    async (length) => {
      const key = bytes("0b".repeat(32));
      for (const unit of ["a", "€", "\ud800"]) {
        const message = unit.repeat(length);
        const expected = createHmac("sha256", key).update(message).digest("base64url");
        expect(await sign(key, "SHA-256", message)).toBe(expected);
      }
    },
  );

  it("distinguishes messages whose characters end in the same byte", async () => {
    const key = bytes("0b".repeat(32));
    expect(await sign(key, "SHA-256", "A")).not.toBe(await sign(key, "SHA-256", "Ł"));
  });
});

describe("a SHA-256", () => {
  // FIPS 180-2, appendices B.1 and B.2.
  it.each([
    ["abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
    [
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
    ],
  ])("of %s is FIPS 180's", async (text, expected) => {
    expect(hex(await sha256(text))).toBe(expected);
  });

  it("is node:crypto's for any text", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: anyCharacter, maxLength: 300 }), async (text) => {
        expect(await sha256(text)).toBe(createHash("sha256").update(text).digest("base64url"));
      }),
    );
  });
});

describe("base64url", () => {
  // RFC 4648, section 10, without padding; and the two characters that base64 has others for.
  it.each([
    ["", ""],
    ["f", "Zg"],
    ["fo", "Zm8"],
    ["foo", "Zm9v"],
    ["foob", "Zm9vYg"],
    ["fooba", "Zm9vYmE"],
    ["foobar", "Zm9vYmFy"],
    ["~~~???", "fn5-Pz8_"],
    ["\ufeff", "77u_"],
  ])("of %j is %j", (text, encoded) => {
    expect(textToBase64Url(text)).toBe(encoded);
    expect(base64UrlToText(encoded)).toBe(text);
  });

  it("is Buffer's for any bytes, both ways", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5000 }), (bytes) => {
        const encoded = Buffer.from(bytes).toString("base64url");
        expect(bytesToBase64Url(bytes)).toBe(encoded);
        expect(base64UrlToBytes(encoded)).toEqual(bytes);
      }),
    );
  });

  it("is of the bytes in view, and not of all that lie in their buffer", () => {
    const whole = new TextEncoder().encode("foobar");
    expect(bytesToBase64Url(whole.subarray(1, 4))).toBe("b29i");
  });
});
