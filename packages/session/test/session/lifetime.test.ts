import { describe, expect, it } from "vitest";
import {
  isDueForRefresh,
  isOverdueForRefresh,
  judgeAge,
  type Lifetime,
  remainingLifetime,
} from "../../src/session/lifetime.ts";
import { DAY, NOW } from "../support/fixed.ts";

const lifetime: Lifetime = {
  idleTimeout: 31 * DAY,
  refreshAfter: DAY,
  refreshesAll: true,
  absoluteTimeout: undefined,
};

describe("the age of a cookie", () => {
  const judge = (issuedAt: number, rules: Partial<Lifetime> = {}, createdAt?: number) =>
    judgeAge({ issuedAt, createdAt }, NOW, { ...lifetime, ...rules });

  it("may be the whole lifetime, and not a second more", () => {
    expect(judge(NOW - 31 * DAY)).toBeUndefined();
    expect(judge(NOW - 31 * DAY - 1)).toBe("expired");
  });

  it("is measured against the lifetime of today, not the one it was signed under", () => {
    expect(judge(NOW - DAY)).toBeUndefined();
    expect(judge(NOW - DAY, { idleTimeout: DAY - 1 })).toBe("expired");
  });

  it("may be a minute in the future, as another machine's clock runs, and not a second more", () => {
    expect(judge(NOW + 60)).toBeUndefined();
    expect(judge(NOW + 61)).toBe("not-yet-valid");
  });

  it("cannot begin in the future, where it would outlast the absolute lifetime", () => {
    const rules = { absoluteTimeout: 7 * DAY };
    expect(judge(NOW, rules, NOW + 60)).toBeUndefined();
    expect(judge(NOW, rules, NOW + 61)).toBe("not-yet-valid");
    expect(judge(NOW, rules, Number.NaN)).toBe("not-yet-valid");
    expect(judge(NOW, {}, NOW + 61)).toBe("not-yet-valid");
  });

  it("does not matter without a lifetime", () => {
    expect(judge(NOW, { idleTimeout: 1 })).toBeUndefined();
  });

  it("counts from 1970 for a timestamp of zero", () => {
    expect(judge(0, { idleTimeout: NOW })).toBeUndefined();
    expect(judge(0, { idleTimeout: NOW - 1 })).toBe("expired");
  });

  it("may be the whole absolute lifetime since it began, and not a second more", () => {
    const rules = { absoluteTimeout: 7 * DAY };
    expect(judge(NOW - 1, rules, NOW - 7 * DAY)).toBeUndefined();
    expect(judge(NOW - 1, rules, NOW - 7 * DAY - 1)).toBe("too-old");
  });

  it("has no absolute limit unless one is set", () => {
    expect(judge(NOW, {}, 0)).toBeUndefined();
  });

  it("is taken for the session's whole age where its beginning was not kept", () => {
    const rules = { absoluteTimeout: DAY };
    expect(judge(NOW - DAY, rules)).toBeUndefined();
    expect(judge(NOW - DAY - 1, rules)).toBe("too-old");
  });

  it("is reported before the session's when both are over", () => {
    expect(judge(NOW - 32 * DAY, { absoluteTimeout: DAY })).toBe("expired");
  });
});

describe("a refresh", () => {
  it("is due from the very second of refreshAfter", () => {
    expect(isDueForRefresh(NOW - DAY + 1, NOW, lifetime)).toBe(false);
    expect(isDueForRefresh(NOW - DAY, NOW, lifetime)).toBe(true);
  });

  it("is always due with a refreshAfter of zero", () => {
    expect(isDueForRefresh(NOW, NOW, { ...lifetime, refreshAfter: 0 })).toBe(true);
  });

  it("is not due for a cookie of a clock that runs ahead", () => {
    expect(isDueForRefresh(NOW + 60, NOW, lifetime)).toBe(false);
  });
});

describe("a refresh that has a price", () => {
  it("leaves it to other requests for as long as refreshAfter once more", () => {
    expect(isOverdueForRefresh(NOW - 2 * DAY + 1, NOW, lifetime)).toBe(false);
    expect(isOverdueForRefresh(NOW - 2 * DAY, NOW, lifetime)).toBe(true);
  });

  it("never waits for the end: at the most for half of what is left", () => {
    const short = { ...lifetime, idleTimeout: 900, refreshAfter: 450 };
    expect(isOverdueForRefresh(NOW - 674, NOW, short)).toBe(false);
    expect(isOverdueForRefresh(NOW - 675, NOW, short)).toBe(true);
  });

  it("does not wait with a refreshAfter of zero, or of the whole lifetime", () => {
    expect(isOverdueForRefresh(NOW, NOW, { ...lifetime, refreshAfter: 0 })).toBe(true);
    const whole = { ...lifetime, refreshAfter: 31 * DAY };
    expect(isOverdueForRefresh(NOW - 31 * DAY, NOW, whole)).toBe(true);
  });
});

describe("what remains of a session", () => {
  const week = { ...lifetime, absoluteTimeout: 7 * DAY };

  it("is the permanent lifetime, unless the absolute one is nearer", () => {
    expect(remainingLifetime(NOW, NOW, lifetime)).toBe(31 * DAY);
    expect(remainingLifetime(NOW, NOW, week)).toBe(7 * DAY);
    expect(remainingLifetime(NOW - 2 * DAY, NOW, week)).toBe(5 * DAY);
    expect(remainingLifetime(NOW, NOW, { ...lifetime, absoluteTimeout: 40 * DAY })).toBe(31 * DAY);
    expect(remainingLifetime(NOW - 10 * DAY, NOW, { ...lifetime, absoluteTimeout: 40 * DAY })).toBe(
      30 * DAY,
    );
  });

  it("is nothing at the end, and never less", () => {
    expect(remainingLifetime(NOW - 7 * DAY + 1, NOW, week)).toBe(1);
    expect(remainingLifetime(NOW - 7 * DAY, NOW, week)).toBe(0);
    expect(remainingLifetime(NOW - 8 * DAY, NOW, week)).toBe(0);
  });

  it("is the permanent lifetime where the beginning was not kept", () => {
    expect(remainingLifetime(undefined, NOW, week)).toBe(31 * DAY);
  });
});
