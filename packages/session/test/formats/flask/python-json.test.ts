import { describe, expect, it } from "vitest";
import {
  compareCodePoints,
  dumpPythonFloat,
  dumpPythonString,
  PythonFloat,
  parsePythonJson,
} from "../../../src/formats/flask/python-json.ts";

describe("reading", () => {
  it.each([
    ["null", null],
    [" [ true , false ] ", [true, false]],
    ['{"a" : {"b":[]}}', { a: { b: [] } }],
    ['"\\u00e9\\ud83d\\ude00\\"\\\\\\/\\b\\f\\n\\r\\t"', 'é😀"\\/\b\f\n\r\t'],
    ['"\\ud83d"', "\ud83d"],
    ["1.5", 1.5],
    ["-0.5e-3", -0.0005],
    ["9007199254740991", 2 ** 53 - 1],
    ["9007199254740992", 2n ** 53n],
    ["-9007199254740993", -(2n ** 53n) - 1n],
    ["-0", 0],
    ["-0.0", -0],
    ["1e16", 1e16],
  ])("%s", (text, value) => {
    expect(parsePythonJson(text)).toStrictEqual(value);
  });

  it.each([
    ["1.0", 1],
    ["1e2", 100],
    ["0.0", 0],
    ["NaN", Number.NaN],
    ["Infinity", Number.POSITIVE_INFINITY],
    ["-Infinity", Number.NEGATIVE_INFINITY],
    ["1e999", Number.POSITIVE_INFINITY],
  ])("%s is a float that a plain number would not show", (text, value) => {
    expect(parsePythonJson(text)).toStrictEqual(new PythonFloat(value));
  });

  it("takes the last of two equal keys, as Python does", () => {
    expect(parsePythonJson('{"a":1,"a":2}')).toStrictEqual({ a: 2 });
  });

  it("takes __proto__ for a key like any other", () => {
    const record = parsePythonJson('{"__proto__":{"admin":true}}') as object;
    expect(Object.getPrototypeOf(record)).toBe(Object.prototype);
    expect(Object.entries(record)).toStrictEqual([["__proto__", { admin: true }]]);
    expect("admin" in record).toBe(false);
  });

  it.each([
    "",
    " ",
    "{",
    "[",
    "[1",
    "[1,]",
    "[,1]",
    '{"a":1,}',
    '{"a"}',
    "{a:1}",
    "{'a':1}",
    "nul",
    "nan",
    "+1",
    "01",
    "1.",
    ".5",
    "1e",
    "-",
    "--1",
    "1 2",
    '"',
    '"\\',
    '"\\"',
    '"\\x41"',
    '"\\u12"',
    '"a\nb"',
    "\ufeff{}",
    "\u00a0{}",
    "undefined",
  ])("refuses %j, as Python does", (text) => {
    expect(() => parsePythonJson(text)).toThrow(SyntaxError);
  });

  it("refuses what is nested too deep, and does not run out of stack", () => {
    expect(parsePythonJson("[".repeat(990) + "]".repeat(990))).toHaveLength(1);
    expect(() => parsePythonJson("[".repeat(991) + "]".repeat(991))).toThrow(SyntaxError);
    expect(() => parsePythonJson('{"":'.repeat(1_000_000))).toThrow(SyntaxError);
  });

  it("refuses an int of more digits than Python reads", () => {
    expect(parsePythonJson("9".repeat(4300))).toBe(10n ** 4300n - 1n);
    expect(() => parsePythonJson("9".repeat(4301))).toThrow(SyntaxError);
  });
});

describe("floats are spelled as Python's repr", () => {
  it.each([
    [1, "1.0"],
    [-1, "-1.0"],
    [0, "0.0"],
    [-0, "-0.0"],
    [0.1 + 0.2, "0.30000000000000004"],
    [0.0001, "0.0001"],
    [0.00001, "1e-05"],
    [-1.5e-7, "-1.5e-07"],
    [5e-324, "5e-324"],
    [1e15, "1000000000000000.0"],
    [9999999999999998, "9999999999999998.0"],
    [1e16, "1e+16"],
    [123456789012345680, "1.2345678901234568e+17"],
    [1e22, "1e+22"],
    [1.7976931348623157e308, "1.7976931348623157e+308"],
    [Number.NaN, "NaN"],
    [Number.NEGATIVE_INFINITY, "-Infinity"],
  ])("%d as %s", (value, text) => {
    expect(dumpPythonFloat(value)).toBe(text);
  });
});

describe("text", () => {
  it("is printable ASCII, with the escapes and the lower-case digits of Python", () => {
    expect(dumpPythonString('"\\/\b\f\n\r\t\u0000\u001f ~\u007f\u00a0é\u2028😀\ud83d')).toBe(
      '"\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f ~\\u007f\\u00a0\\u00e9\\u2028\\ud83d\\ude00\\ud83d"',
    );
  });

  it("is ordered by code point and not by UTF-16 unit", () => {
    const keys = [
      "\u{1f600}",
      "\ufb01",
      "\ud83d",
      "\ud83d\uffff",
      "é",
      "a",
      "Z",
      "",
      "aa",
      "10",
      "9",
    ];
    expect(keys.sort(compareCodePoints)).toStrictEqual([
      "",
      "10",
      "9",
      "Z",
      "a",
      "aa",
      "é",
      "\ud83d",
      "\ud83d\uffff",
      "\ufb01",
      "\u{1f600}",
    ]);
  });
});
