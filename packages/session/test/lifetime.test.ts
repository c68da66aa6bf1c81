import { describe, expect, it } from "vitest";
import { judgeAge } from "../src/lifetime.ts";
import { DAY, NOW } from "./support/fixed.ts";

describe("the age of a cookie", () => {
  it("may be the whole lifetime, and not a second more", () => {
    expect(judgeAge(NOW - 31 * DAY, NOW, 31 * DAY)).toBeUndefined();
    expect(judgeAge(NOW - 31 * DAY - 1, NOW, 31 * DAY)).toBe("expired");
  });

  it("is measured against the lifetime of today, not the one it was signed under", () => {
    const yesterday = NOW - DAY;
    expect(judgeAge(yesterday, NOW, 31 * DAY)).toBeUndefined();
    expect(judgeAge(yesterday, NOW, DAY - 1)).toBe("expired");
  });

  it("may be a minute in the future, as another machine's clock runs, and not a second more", () => {
    expect(judgeAge(NOW + 60, NOW, DAY)).toBeUndefined();
    expect(judgeAge(NOW + 61, NOW, DAY)).toBe("not-yet-valid");
  });

  it("of none is none", () => {
    expect(judgeAge(NOW, NOW, 1)).toBeUndefined();
  });

  it("counts from 1970 for a timestamp of zero", () => {
    expect(judgeAge(0, NOW, NOW)).toBeUndefined();
    expect(judgeAge(0, NOW, NOW - 1)).toBe("expired");
  });
});
