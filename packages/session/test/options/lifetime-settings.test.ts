import { describe, expect, it } from "vitest";
import { DAY } from "../support/fixed.ts";
import { refusalOf, settingsOf } from "../support/settings.ts";

describe("the lifetimes", () => {
  it("are given in seconds or in parts", () => {
    const { lifetime } = settingsOf({
      idleTimeout: { days: 2 },
      refreshAfter: 60,
      absoluteTimeout: { days: 1, hours: 12 },
    });
    expect(lifetime).toEqual({
      idleTimeout: 2 * DAY,
      refreshAfter: 60,
      refreshesAll: true,
      absoluteTimeout: 1.5 * DAY,
    });
  });

  it("refresh after a day, or a tenth of a timeout that is shorter than ten", () => {
    const refreshAfter = (idleTimeout: number) => settingsOf({ idleTimeout }).lifetime.refreshAfter;
    expect(refreshAfter(10 * DAY + 10)).toBe(DAY);
    expect(refreshAfter(10 * DAY)).toBe(DAY);
    expect(refreshAfter(10 * DAY - 10)).toBe(DAY - 1);
    expect(refreshAfter(15 * 60)).toBe(90);
    expect(refreshAfter(9)).toBe(0);
  });

  it.each([
    [true, {}],
    [true, { format: "sealed" }],
    [true, { format: "starlette" }],
    [false, { format: "flask" }],
    [true, { format: "flask", store: { get() {}, set() {}, delete() {} } }],
  ])("refresh sessions that end with the browser: %s with %j", (refreshesAll, options) => {
    expect(settingsOf(options).lifetime.refreshesAll).toBe(refreshesAll);
  });

  it("may refresh with every request, or as late as the session ends", async () => {
    expect(settingsOf({ refreshAfter: 0 }).lifetime.refreshAfter).toBe(0);
    const hour = { idleTimeout: 3600, refreshAfter: 3600 };
    expect(settingsOf(hour).lifetime.refreshAfter).toBe(3600);
    expect(await refusalOf({ ...hour, refreshAfter: { hours: 2 } })).toBe(
      'The session option `refreshAfter` cannot be {"hours":2}. Allowed: at most `idleTimeout` (3600 seconds), or every session would end before its refresh.',
    );
    expect(await refusalOf({ ...hour, refreshAfter: 3601 })).toContain("cannot be 3601.");
  });

  it.each(["idleTimeout", "absoluteTimeout"])("%s lasts a second at least", async (name) => {
    expect(settingsOf({ [name]: 1 }).lifetime).toMatchObject({ [name]: 1 });
    const duration =
      "a number of seconds such as 3600, or parts such as { days: 31 } (days, hours, minutes, seconds)";
    for (const [given, shown, allowed] of [
      [0, "0", "one second or more"],
      [-1, "-1", "one second or more"],
      ["31 days", '"31 days"', duration],
      [Number.NaN, "NaN", duration],
      [1e12, "1000000000000", "a time that ends by the year 9999, the last in a cookie's date"],
    ]) {
      expect(await refusalOf({ [name]: given })).toBe(
        `The session option \`${name}\` cannot be ${shown}. Allowed: ${allowed}.`,
      );
    }
  });

  it("cannot refresh after a negative time", async () => {
    expect(await refusalOf({ refreshAfter: -1 })).toBe(
      "The session option `refreshAfter` cannot be -1. Allowed: zero seconds or more.",
    );
  });
});
