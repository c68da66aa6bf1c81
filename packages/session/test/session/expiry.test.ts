import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expiryOf } from "../../src/session/expiry.ts";
import { judgeAge } from "../../src/session/lifetime.ts";
import { DAY, NOW } from "../support/fixed.ts";

describe("the expiry of a session", () => {
  it("is the last second at which its age is accepted", () => {
    const anAge = fc.record({
      issuedAt: fc.integer({ min: NOW - DAY, max: NOW }),
      writtenAt: fc.option(fc.integer({ min: NOW - DAY, max: NOW }), { nil: undefined }),
      createdAt: fc.integer({ min: NOW - 2 * DAY, max: NOW - DAY }),
    });
    const rules = fc.record({
      idleTimeout: fc.integer({ min: 1, max: 3 * DAY }),
      refreshAfter: fc.constant(0),
      refreshesAll: fc.boolean(),
      absoluteTimeout: fc.option(fc.integer({ min: 3 * DAY, max: 5 * DAY }), { nil: undefined }),
    });
    fc.assert(
      fc.property(anAge, rules, (age, lifetime) => {
        const expiry = expiryOf(age, lifetime);
        expect(judgeAge(age, Math.max(expiry, age.issuedAt), lifetime)).toBe(
          expiry < age.issuedAt ? "expired" : undefined,
        );
        expect(judgeAge(age, Math.max(expiry + 1, age.issuedAt), lifetime)).toMatch(
          /expired|too-old/,
        );
      }),
    );
  });
});
