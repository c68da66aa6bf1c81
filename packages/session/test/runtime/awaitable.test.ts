import { describe, expect, it } from "vitest";
import { loadOnce } from "../../src/runtime/awaitable.ts";

describe("what is loaded once", () => {
  it("is loaded by the first call alone, and then there at once", async () => {
    let loads = 0;
    const load = loadOnce(async () => ++loads);
    expect(await Promise.all([load(), load()])).toEqual([1, 1]);
    expect(load()).toBe(1);
  });

  it("is loaded again after a failure, which all who waited get", async () => {
    let loads = 0;
    const load = loadOnce(async () => {
      if (++loads === 1) throw new Error("down");
      return loads;
    });
    const results = await Promise.allSettled([load(), load()]);
    expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(await load()).toBe(2);
  });
});
