import { createHash, createHmac, webcrypto } from "node:crypto";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hmacSha256, hmacSha256Key, sha256 } from "../../src/crypto/sha256.ts";
import { RUNS } from "../support/runs.ts";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const bytes = (text: string) => new Uint8Array(Buffer.from(text, "hex"));

describe("SHA-256", () => {
  // FIPS 180-4's examples: one block, two blocks, and a million characters.
  it.each([
    ["", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
    ["abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
    [
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
    ],
    ["a".repeat(1e6), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"],
  ])("of %.60s is FIPS 180-4's", (text, expected) => {
    expect(hex(sha256(Buffer.from(text)))).toBe(expected);
  });

  it("is node:crypto's at every length around its blocks", () => {
    for (let length = 0; length <= 300; length++) {
      const message = new Uint8Array(length).map((_, index) => index * 7);
      expect(hex(sha256(message)), `${length}`).toBe(
        createHash("sha256").update(message).digest("hex"),
      );
    }
  });
});

describe("HMAC-SHA-256", () => {
  /** Number, key, message, tag and whether it is valid, of https://github.com/C2SP/wycheproof. */
  const vectors: [number, string, string, string, boolean][] = JSON.parse(
    readFileSync(new URL("../golden/hmac-sha256/wycheproof.json", import.meta.url), "utf8"),
  );

  it("agrees with all 174 of Wycheproof's vectors", () => {
    expect(vectors).toHaveLength(174);
    for (const [number, key, message, tag, isValid] of vectors) {
      const computed = hex(hmacSha256(hmacSha256Key(bytes(key)), bytes(message)));
      // A tag may be cut.
      expect(computed.startsWith(tag), `vector ${number}`).toBe(isValid);
    }
  });

  it("is WebCrypto's for any key and message", async () => {
    const parameters = { name: "HMAC", hash: "SHA-256" };
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 1, maxLength: 200 }),
        fc.uint8Array({ maxLength: 1000, size: "max" }),
        async (raw, message) => {
          const key = await webcrypto.subtle.importKey("raw", raw, parameters, false, ["sign"]);
          const expected = new Uint8Array(await webcrypto.subtle.sign("HMAC", key, message));
          expect(hex(hmacSha256(hmacSha256Key(raw), message))).toBe(hex(expected));
        },
      ),
      { numRuns: RUNS },
    );
  });

  it("is node:crypto's with an empty key, and for a message of 300 KB", () => {
    const message = new Uint8Array(300_000).fill(0xa5);
    expect(hex(hmacSha256(hmacSha256Key(new Uint8Array()), message))).toBe(
      createHmac("sha256", "").update(message).digest("hex"),
    );
  });
});
