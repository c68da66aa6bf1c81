import { describe, expect, it } from "vitest";
import { describeValue } from "../../src/errors/describe.ts";
import {
  SessionContextError,
  SessionError,
  SessionOptionError,
  SessionReadOnlyError,
  SessionSecretError,
  SessionSerializationError,
  SessionStoreError,
  SessionTooLargeError,
} from "../../src/errors/errors.ts";

describe("the error classes", () => {
  it.each([
    [SessionSecretError, "SessionSecretError", "ERR_SESSION_SECRET_MISSING"],
    [SessionOptionError, "SessionOptionError", "ERR_SESSION_OPTION"],
    [SessionContextError, "SessionContextError", "ERR_SESSION_OUTSIDE_REQUEST"],
    [SessionReadOnlyError, "SessionReadOnlyError", "ERR_SESSION_READ_ONLY"],
    [SessionTooLargeError, "SessionTooLargeError", "ERR_SESSION_TOO_LARGE"],
    [SessionSerializationError, "SessionSerializationError", "ERR_SESSION_SERIALIZATION"],
    [SessionStoreError, "SessionStoreError", "ERR_SESSION_STORE"],
  ] as const)("%o is a SessionError under its own name and code", (ErrorClass, name, code) => {
    const cause = new Error("what lies beneath");
    const error = new ErrorClass(code, "what to do", { cause });
    expect(error).toBeInstanceOf(SessionError);
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name, code, message: "what to do", cause });
  });

  it("print their name, so that a log shows which one it was without the code", () => {
    const error = new SessionReadOnlyError("ERR_SESSION_READ_ONLY", "no cookie can be sent");
    expect(String(error)).toBe("SessionReadOnlyError: no cookie can be sent");
  });

  it("have no cause unless one was given", () => {
    expect("cause" in new SessionStoreError("ERR_SESSION_STORE", "down")).toBe(false);
  });
});

describe("a value in a message", () => {
  it.each([
    ["31 days", '"31 days"'],
    ['with "quotes"', '"with \\"quotes\\""'],
    [-1, "-1"],
    [Number.NaN, "NaN"],
    [12n, "12n"],
    [true, "true"],
    [null, "null"],
    [undefined, "undefined"],
    [{ days: "31" }, '{"days":"31"}'],
    [["a", 1], '["a",1]'],
    [() => 1, "a function"],
    [Symbol("s"), "Symbol(s)"],
  ])("%o shows as %s", (value, text) => {
    expect(describeValue(value)).toBe(text);
  });

  it("is cut at 80 characters when it is an object, and whole up to there", () => {
    const list = Array.from({ length: 25 }, () => 12);
    expect(describeValue([...list, 123])).toBe(`[${"12,".repeat(25)}123]`);
    expect(describeValue([...list, 1234])).toBe(`[${"12,".repeat(25)}1…`);
  });

  it("is cut after four when it is a text that is long enough to be a secret", () => {
    expect(describeValue("x".repeat(31))).toBe(`"${"x".repeat(31)}"`);
    expect(describeValue("x".repeat(32))).toBe('"xxxx…" (32 characters)');
    expect(describeValue({ password: { 1: "x".repeat(32) } })).toBe('{"password":{"1":"xxxx…"}}');
  });

  it("keeps a secret to itself, however deep it lies", () => {
    const text = describeValue([
      { format: "flask", secret: "a secret" },
      { of: { secret: ["another"] } },
    ]);
    expect(text).toBe('[{"format":"flask","secret":"…"},{"of":{"secret":"…"}}]');
  });

  it("is named by its class where JSON cannot show it", () => {
    class Cart {
      self = this;
    }
    expect(describeValue(new Cart())).toBe("a Cart");
    expect(describeValue(Object.assign(Object.create(null), { big: 1n }))).toBe("a object");
  });
});
