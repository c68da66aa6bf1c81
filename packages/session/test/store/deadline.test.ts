import { describe, expect, it } from "vitest";
import { Deadline } from "../../src/store/deadline.ts";
import type { SessionStore } from "../../src/store/store.ts";

const never = () => new Promise<never>(() => {});
const pause = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

const TIMEOUT = 200;

class Locked extends Error {}

const storeWith = (methods: Partial<SessionStore>): SessionStore => ({
  get: () => undefined,
  set: () => {},
  delete: () => {},
  ...methods,
});

describe("a store that is busy", () => {
  const isBusy = (error: unknown) => error instanceof Locked;
  const deadline = () => new Deadline(storeWith({ isBusy }), TIMEOUT);

  it.each<[string, () => void]>([
    [
      "at once",
      () => {
        throw new Locked();
      },
    ],
    ["by a promise", async () => Promise.reject(new Locked())],
  ])("and says so %s is asked again", async (_how, sayBusy) => {
    let calls = 0;
    const answer = await deadline().ask("get", () => (++calls < 4 ? sayBusy() : "value"));
    expect([answer, calls]).toEqual(["value", 4]);
  });

  it("is asked no more when the time is over, and its error is the cause", async () => {
    let calls = 0;
    const cause = new Locked("another process writes");
    const asking = deadline().ask("set", () => {
      calls++;
      throw cause;
    });
    await expect(asking).rejects.toMatchObject({ code: "ERR_SESSION_STORE_TIMEOUT", cause });
    const before = calls;
    await pause(TIMEOUT);
    expect(calls).toBe(before);
    expect(calls).toBeGreaterThan(2);
  });

  it("is not asked again after any other error", async () => {
    let calls = 0;
    const asking = deadline().ask("set", () => {
      calls++;
      throw new Error("disk is full");
    });
    await expect(asking).rejects.toMatchObject({ code: "ERR_SESSION_STORE" });
    expect(calls).toBe(1);
  });

  it("that does not tell its errors apart is not asked again", async () => {
    const asking = new Deadline(storeWith({}), TIMEOUT).ask("set", () => {
      throw new Locked();
    });
    await expect(asking).rejects.toMatchObject({ code: "ERR_SESSION_STORE" });
  });
});

describe("a store that does not answer", () => {
  const watched = () => {
    let drops = 0;
    const store = storeWith({
      reconnect: () => {
        drops++;
      },
    });
    return { deadline: new Deadline(store, TIMEOUT), drops: () => drops };
  };

  it("is to drop its connection when the time is over", async () => {
    const { deadline, drops } = watched();
    const asking = deadline.ask("get", never);
    await pause(TIMEOUT / 2);
    expect(drops()).toBe(0);
    await expect(asking).rejects.toMatchObject({ code: "ERR_SESSION_STORE_TIMEOUT" });
    expect(drops()).toBe(1);
  });

  it("keeps its connection where other operations had used up the time", async () => {
    const { deadline, drops } = watched();
    await deadline.ask("get", () => pause(0.7 * TIMEOUT));
    await expect(deadline.ask("set", never)).rejects.toMatchObject({
      code: "ERR_SESSION_STORE_TIMEOUT",
    });
    expect(drops()).toBe(0);
  });

  it("keeps its connection after an error, which is an answer", async () => {
    const { deadline, drops } = watched();
    const asking = deadline.ask("get", () => Promise.reject(new Error("out of memory")));
    await expect(asking).rejects.toMatchObject({ code: "ERR_SESSION_STORE" });
    expect(drops()).toBe(0);
  });
});
