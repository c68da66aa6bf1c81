import { describe, expect, it } from "vitest";
import { SessionOptionError } from "../../src/errors/errors.ts";
import { toSeconds } from "../../src/options/duration.ts";
import { NOW } from "../support/fixed.ts";
import { thrownBy } from "../support/thrown.ts";

const seconds = (given: unknown, least: 0 | 1 = 1) =>
  toSeconds("idleTimeout", given, { least, now: NOW });

describe("a duration", () => {
  it.each([
    [1, 1],
    [5400, 5400],
    [{ days: 31 }, 2_678_400],
    [{ hours: 1, minutes: 30 }, 5400],
    [{ days: 1, hours: 1, minutes: 1, seconds: 1 }, 90_061],
    [{ days: 1, hours: -1 }, 82_800],
    [{ days: 0.5 }, 43_200],
    [{ days: undefined, hours: 1 }, 3600],
  ])("%o is %i seconds", (given, expected) => {
    expect(seconds(given)).toBe(expected);
  });

  it("is cut to whole seconds, the resolution of a cookie's timestamp", () => {
    expect(seconds(59.999)).toBe(59);
    expect(seconds({ minutes: 1.99 })).toBe(119);
  });

  it("may be zero only where zero means something", async () => {
    expect(seconds(0, 0)).toBe(0);
    const error = await thrownBy(() => seconds(0, 1), SessionOptionError);
    expect(error.message).toContain("cannot be 0. Allowed: one second or more.");
  });

  it("below a second counts as none at all", async () => {
    expect(seconds(0.999, 0)).toBe(0);
    await thrownBy(() => seconds(0.999, 1), SessionOptionError);
  });

  it.each([
    [-1, "-1"],
    [{ hours: -2 }, '{"hours":-2}'],
    [-0.001, "-0.001"],
  ])("%o is refused as negative, where zero is allowed", async (given, found) => {
    const error = await thrownBy(() => seconds(given, 0), SessionOptionError);
    expect(error.message).toContain(`cannot be ${found}. Allowed: zero seconds or more.`);
  });

  it.each([
    ["31 days", '"31 days"'],
    ["3600", '"3600"'],
    [Number.NaN, "NaN"],
    [Number.POSITIVE_INFINITY, "Infinity"],
    [null, "null"],
    [true, "true"],
    [31n, "31n"],
    [[31], "[31]"],
    [{}, "{}"],
    [{ weeks: 1 }, '{"weeks":1}'],
    [{ days: "31" }, '{"days":"31"}'],
    [{ days: undefined }, "{}"],
    [{ days: Number.NaN }, '{"days":null}'],
    [{ toString: 1 }, '{"toString":1}'],
    [() => 31, "a function"],
  ])("%o is refused, with what was given and what is allowed", async (given, found) => {
    const error = await thrownBy(() => seconds(given), SessionOptionError);
    expect(error.code).toBe("ERR_SESSION_OPTION");
    expect(error.message).toBe(
      `The session option \`idleTimeout\` cannot be ${found}. Allowed: a number of seconds such as 3600, or parts such as { days: 31 } (days, hours, minutes, seconds).`,
    );
  });

  it("may end with the year 9999 and not a second later: no cookie's date goes beyond", async () => {
    const rest = Date.UTC(9999, 11, 31, 23, 59, 59) / 1000 - NOW;
    expect(seconds(rest)).toBe(rest);
    expect(new Date((NOW + rest) * 1000).toUTCString()).toBe("Fri, 31 Dec 9999 23:59:59 GMT");
    const error = await thrownBy(() => seconds(rest + 1), SessionOptionError);
    expect(error.message).toContain("Allowed: a time that ends by the year 9999");
  });
});
