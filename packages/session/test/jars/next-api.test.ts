import { describe, expect, it, vi } from "vitest";
import { isInPrivateCache, type Next, untilRequest } from "../../src/jars/next-api.ts";

/** As Next 15 has it. Its later releases add to this. */
function next15() {
  const connection = vi.fn(async () => undefined);
  return { connection } as unknown as Next & { connection: typeof connection };
}

const inPrivateCache = () => undefined;
const outsideOfCaches = () => {
  throw new Error('`cacheTag()` can only be called inside a "use cache" function.');
};

describe("in Next 15, which has no private caches", () => {
  it("no scope is taken for one", () => {
    expect(isInPrivateCache(next15())).toBe(false);
  });

  it("connection() stops a prerender", async () => {
    const next = next15();
    await untilRequest(next);
    expect(next.connection).toHaveBeenCalledOnce();
  });
});

describe("in Next 16.0 to 16.2, which has private caches and no io()", () => {
  it("connection() stops a prerender", async () => {
    const next = { ...next15(), cacheTag: outsideOfCaches };
    await untilRequest(next);
    expect(next.connection).toHaveBeenCalledOnce();
  });

  it("connection() is not called inside a private cache, where it fails", async () => {
    const next = { ...next15(), cacheTag: inPrivateCache };
    await untilRequest(next);
    expect(next.connection).not.toHaveBeenCalled();
  });

  it("no tag is given to the private cache that is looked for", () => {
    const cacheTag = vi.fn();
    expect(isInPrivateCache({ ...next15(), cacheTag })).toBe(true);
    expect(cacheTag).toHaveBeenCalledExactlyOnceWith();
  });
});

describe("from Next 16.3 on", () => {
  it("io() stops a prerender, and connection() is not called", async () => {
    const io = vi.fn(async () => undefined);
    const next = { ...next15(), cacheTag: outsideOfCaches, io };
    await untilRequest(next);
    expect(io).toHaveBeenCalledOnce();
    expect(next.connection).not.toHaveBeenCalled();
  });
});
