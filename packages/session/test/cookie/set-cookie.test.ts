import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_COOKIE_BYTES, type SetCookie, surelyFits } from "../../src/cookie/cookie.ts";
import { fitsOneCookie, serializeCookie } from "../../src/cookie/set-cookie.ts";
import {
  cookieOf,
  cookieOfEveryAttribute,
  deletion,
  deletionHeader,
  headerOfEveryAttribute,
  sessionCookie,
  sessionHeader,
} from "../support/cookies.ts";

describe("a Set-Cookie header", () => {
  it("has, for the everyday cookie, what Flask sends and SameSite", () => {
    expect(serializeCookie(sessionCookie)).toBe(sessionHeader);
  });

  it("has every attribute, in one order", () => {
    expect(serializeCookie(cookieOfEveryAttribute)).toBe(headerOfEveryAttribute);
  });

  it("leaves out each flag that is off", () => {
    const header = serializeCookie({ ...sessionCookie, httpOnly: false, sameSite: "strict" });
    expect(header).toBe("session=abc; Path=/; SameSite=Strict");
  });

  it("has Max-Age=0 if it deletes, which is not the same as none", () => {
    expect(serializeCookie(deletion)).toBe(deletionHeader);
  });
});

/** What name and attributes take of the everyday cookie's 4096 bytes. */
const FRAME = "session=; Path=/; HttpOnly; SameSite=Lax".length;

describe("a cookie", () => {
  it("fits up to the 4096 bytes of RFC 6265, name and attributes included, and not one more", () => {
    expect(MAX_COOKIE_BYTES).toBe(4096);
    expect(fitsOneCookie(cookieOf(4096 - FRAME))).toBe(true);
    expect(fitsOneCookie(cookieOf(4096 - FRAME + 1))).toBe(false);
  });

  it("surely fits only if it fits, whatever its attributes are", () => {
    const cookies = fc.record<SetCookie>({
      name: fc.stringMatching(/^[\w-]{1,40}$/),
      value: fc.integer({ min: 3700, max: 4096 }).map((length) => "x".repeat(length)),
      path: fc.stringMatching(/^\/[\w/]{0,40}$/),
      domain: fc.option(fc.domain(), { nil: undefined }),
      httpOnly: fc.boolean(),
      secure: fc.boolean(),
      sameSite: fc.constantFrom("lax", "strict", "none"),
      partitioned: fc.boolean(),
      priority: fc.constantFrom(undefined, "low", "medium", "high"),
      // The year 9999 ends the longest lifetime that the options allow.
      maxAge: fc.option(fc.constantFrom(1, 253_402_300_799), { nil: undefined }),
      expires: fc.option(fc.date({ noInvalidDate: true, max: new Date("9999-12-31") }), {
        nil: undefined,
      }),
    });
    const found = { sure: 0, unsure: 0 };
    fc.assert(
      fc.property(cookies, (cookie) => {
        const isSure = surelyFits(cookie);
        found[isSure ? "sure" : "unsure"]++;
        if (isSure) expect(fitsOneCookie(cookie)).toBe(true);
      }),
      { numRuns: 2000 },
    );
    expect(Math.min(found.sure, found.unsure)).toBeGreaterThan(100);
  });

  it("has at most 143 bytes of attributes, without its path and its domain", () => {
    const longest: SetCookie = {
      ...cookieOfEveryAttribute,
      sameSite: "strict",
      priority: "medium",
      maxAge: 253_402_300_799,
    };
    const others = longest.name.length + longest.path.length + "example.com".length;
    const attributes = serializeCookie({ ...longest, value: "" }).length - others;
    expect(attributes).toBe(143);
  });
});
