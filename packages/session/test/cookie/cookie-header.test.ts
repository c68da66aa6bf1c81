import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cookieValues, withCookie } from "../../src/cookie/cookie-header.ts";
import { deletion, sessionCookie } from "../support/cookies.ts";

describe("the values under one name in a Cookie header", () => {
  it.each([
    ["session=a", ["a"]],
    ["other=1; session=a; more=2", ["a"]],
    ["session=a; session=b", ["a", "b"]],
    ["session=a;session=b", ["a", "b"]],
    ["session=a=b==", ["a=b=="]],
    ["session=", [""]],
    [" session = a ", ["a"]],
    ["\tsession\t=\ta\t", ["a"]],
    ['session="a"', ["a"]],
    ['session="', ['"']],
    ['session=""', [""]],
    ['session="a', ['"a']],
    ["", []],
    [";;;", []],
    ["session", []],
    ["sessionx", []],
  ])("%j holds %j", (header, values) => {
    expect(cookieValues(header, "session")).toEqual(values);
  });

  it.each([
    ["%73ession=a", "a name is not percent-decoded (CVE-2020-8184)"],
    ["\u00a0session=a", "only space and tab are white space (CVE-2026-39410)"],
    ["=session=a", "a nameless cookie has no name (CVE-2023-23934)"],
    ["Session=a", "names are compared with regard to case"],
    ["session2=a", "a name is compared whole"],
    ["xsession=a", "a name is compared whole"],
    ["other=x,session=a", "a comma parts nothing"],
    ["session\u0000=a", "a control character belongs to the name"],
  ])("%j holds none: %s", (header) => {
    expect(cookieValues(header, "session")).toEqual([]);
  });

  it("finds a name that means something else to an object or a regular expression", () => {
    expect(cookieValues("__proto__=a; constructor=b; a.c=c; abc=d", "__proto__")).toEqual(["a"]);
    expect(cookieValues("__proto__=a; constructor=b; a.c=c; abc=d", "constructor")).toEqual(["b"]);
    expect(cookieValues("__proto__=a; constructor=b; a.c=c; abc=d", "a.c")).toEqual(["c"]);
  });

  it("does not decode a value", () => {
    expect(cookieValues("session=a%20b+c", "session")).toEqual(["a%20b+c"]);
  });

  it("takes time in proportion to a run of spaces, not to its square", () => {
    const spaces = " ".repeat(65_536);
    const started = performance.now();
    expect(cookieValues(`x${spaces}y=1; x=${spaces}y; session=a`, "session")).toEqual(["a"]);
    expect(cookieValues(`session=x${spaces}y`, "session")).toEqual([`x${spaces}y`]);
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe("a Cookie header with one cookie set", () => {
  it("has it at the end, once, and the others as they were", () => {
    const header = 'a=1; session=old; b="2"; session=older;c=3==';
    expect(withCookie(header, sessionCookie)).toBe('a=1; b="2"; c=3==; session=abc');
  });

  it("has it alone where there was nothing", () => {
    expect(withCookie("", sessionCookie)).toBe("session=abc");
  });

  it("is without it where its value is empty", () => {
    expect(withCookie("a=1; session=old; b=2", deletion)).toBe("a=1; b=2");
    expect(withCookie("session=old", deletion)).toBe("");
  });

  it("keeps what only looks like it", () => {
    expect(withCookie("session2=a; xsession=b; =session; session.0=c", sessionCookie)).toBe(
      "session2=a; xsession=b; =session; session.0=c; session=abc",
    );
  });

  it("replaces a pair that has the name and no value", () => {
    expect(withCookie("session; a=1", sessionCookie)).toBe("a=1; session=abc");
  });

  it("reads back, whatever else was in the header", () => {
    fc.assert(
      fc.property(fc.string(), fc.stringMatching(/^[\w.-]+$/), (header, value) => {
        const after = withCookie(header, { ...sessionCookie, value });
        expect(cookieValues(after, "session")).toEqual([value]);
        const before = header.split(";").length;
        expect(after.split(";").length).toBeLessThanOrEqual(before + 1);
      }),
      { numRuns: 500 },
    );
  });
});
