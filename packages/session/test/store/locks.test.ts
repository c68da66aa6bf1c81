import { describe, expect, it } from "vitest";
import { globalName } from "../../src/runtime/process-global.ts";
import { oneAtATime } from "../../src/store/locks.ts";

const pause = (milliseconds = 1) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const held = () => {
  const locks = (globalThis as Record<symbol, unknown>)[globalName("locks")];
  return (locks as Map<string, unknown>).size;
};

describe("tasks of one key", () => {
  it("run one after the other, in the order of the calls", async () => {
    const seen: string[] = [];
    const task = (name: string) => async () => {
      seen.push(`${name} begins`);
      await pause();
      seen.push(`${name} ends`);
    };
    await Promise.all([oneAtATime("key", task("one")), oneAtATime("key", task("two"))]);
    expect(seen).toEqual(["one begins", "one ends", "two begins", "two ends"]);
  });

  it("give what they give, and one that fails keeps no other waiting", async () => {
    const failing = oneAtATime("key", () => Promise.reject(new Error("no")));
    const next = oneAtATime("key", async () => "yes");
    await expect(failing).rejects.toThrow("no");
    await expect(next).resolves.toBe("yes");
  });

  it("do not wait for those of another key", async () => {
    let resolve = () => {};
    const promise = new Promise<void>((done) => {
      resolve = done;
    });
    const hanging = oneAtATime("one", () => promise);
    await expect(oneAtATime("two", async () => "done")).resolves.toBe("done");
    resolve();
    await hanging;
  });

  it("leave nothing behind", async () => {
    await Promise.allSettled([
      oneAtATime("key", async () => {}),
      oneAtATime("key", () => Promise.reject(new Error("no"))),
      oneAtATime("other", async () => {}),
    ]);
    await pause();
    expect(held()).toBe(0);
  });
});
