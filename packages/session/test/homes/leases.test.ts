import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { leaseOn, withLease, withoutLease } from "../../src/homes/leases.ts";
import { entryIn, formatRecord } from "../../src/homes/record.ts";

const until = () => Date.now() + 1000;

afterEach(() => {
  vi.useRealTimers();
});

describe("a record's leases", () => {
  it("are one for each key, until they are given up by their owners", () => {
    const one = { key: "token", owner: "a", until: until() };
    const other = { key: "rates", owner: "b", until: until() };
    const both = withLease(withLease(undefined, one), other);
    expect([leaseOn(both, "token"), leaseOn(both, "rates")]).toEqual([one, other]);
    expect(leaseOn(both, "visits")).toBeUndefined();
    const left = withoutLease(both, one);
    expect([leaseOn(left, "token"), leaseOn(left, "rates")]).toEqual([undefined, other]);
    expect(withoutLease(left, { ...other, owner: "c" })).toBe(left);
    expect(withoutLease(left, other)).toBeUndefined();
  });

  it("are over when their time is over, and replaced then", () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const first = { key: "token", owner: "a", until: until() };
    const leases = withLease(undefined, first);
    vi.setSystemTime(Date.now() + 999);
    expect(leaseOn(leases, "token")).toEqual(first);
    vi.setSystemTime(Date.now() + 1);
    expect(leaseOn(leases, "token")).toBeUndefined();
    const second = { key: "token", owner: "b", until: until() };
    expect(leaseOn(withLease(leases, second), "token")).toEqual(second);
  });

  it("are read from a record as they were written, whatever the keys and the data", () => {
    const key = fc.string({ unit: "grapheme" });
    fc.assert(
      fc.property(fc.uniqueArray(key), fc.jsonValue(), (keys, value) => {
        const text = JSON.stringify({ value });
        let leases: string | undefined;
        for (const key of keys) {
          leases = withLease(leases, { key, owner: crypto.randomUUID(), until: until() });
        }
        const record = { writtenAt: 1_700_000_000, text, leases };
        expect(entryIn(formatRecord(record))).toEqual(record);
        for (const key of keys) expect(leaseOn(leases, key)).toMatchObject({ key });
      }),
    );
  });
});
