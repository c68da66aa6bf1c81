import { hkdfSync } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deriveKey } from "../../src/crypto/key-derivation.ts";
import golden from "../golden/signed/golden.json" with { type: "json" };
import { anyCharacter } from "../support/characters.ts";
import { SECRET } from "../support/fixed.ts";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

describe("a derived key", () => {
  it.each(golden.keys)("is the golden one for $name under $secret", async (vector) => {
    expect(hex(await deriveKey(vector.secret, ["signed", vector.name]))).toBe(vector.key);
  });

  it("is RFC 5869's HKDF-SHA-256, as node:crypto has it", async () => {
    const info = JSON.stringify(["sealed", "session", "encrypt"]);
    expect(hex(await deriveKey(SECRET, ["sealed", "session", "encrypt"]))).toBe(
      hex(new Uint8Array(hkdfSync("sha256", SECRET, "next-signed-session", info, 32))),
    );
  });

  it("differs for any two purposes, however their parts are cut", async () => {
    const keys = await Promise.all(
      [
        ["signed", "session"],
        ["signedsession"],
        ["signe", "dsession"],
        ["signed", "session", ""],
        ["signed", '","session'],
        ['signed","session'],
        ["session", "signed"],
        ["signed", "Session"],
        ["signed"],
        [],
      ].map((purpose) => deriveKey(SECRET, purpose).then(hex)),
    );
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("belongs to one secret and one purpose, whatever they are", async () => {
    const input = fc.tuple(fc.string({ unit: anyCharacter }), fc.array(fc.string()));
    await fc.assert(
      fc.asyncProperty(input, input, async ([secret, purpose], [other, otherPurpose]) => {
        fc.pre(secret !== other || JSON.stringify(purpose) !== JSON.stringify(otherPurpose));
        expect(hex(await deriveKey(secret, purpose))).not.toBe(
          hex(await deriveKey(other, otherPurpose)),
        );
      }),
      { numRuns: 200 },
    );
  });
});
