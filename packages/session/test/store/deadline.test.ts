import { describe, expect, it } from "vitest";
import { Deadline } from "../../src/store/deadline.ts";
import type { SessionStore } from "../../src/store/store.ts";

const never = () => new Promise<never>(() => {});
const pause = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

const TIMEOUT = 800;

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
    expect(calls).toBeGreaterThan(1);
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

  it("that does not distinguish its errors is not asked again", async () => {
    const asking = new Deadline(storeWith({}), TIMEOUT).ask("set", () => {
      throw new Locked();
    });
    await expect(asking).rejects.toMatchObject({ code: "ERR_SESSION_STORE" });
  });
});

describe("operations that wait for a busy store", () => {
  const locked = () => {
    let isLocked = true;
    const store = storeWith({ isBusy: (error) => error instanceof Locked });
    const done: string[] = [];
    const call = (name: string) => () => {
      if (isLocked) throw new Locked();
      done.push(name);
    };
    const write = (name: string, timeout = 5000) =>
      new Deadline(store, timeout).ask("set", call(name));
    const unlock = () => {
      isLocked = false;
    };
    return { store, done, call, write, unlock };
  };

  it("are served in their order, and a later one does not push in", async () => {
    const { done, write, unlock } = locked();
    const names = ["first", "second", "third"];
    const waiting = names.map((name) => write(name));
    await pause(100);
    unlock();
    await Promise.all([...waiting, write("late")]);
    expect(done).toEqual([...names, "late"]);
    await write("at once");
    expect(done).toHaveLength(5);
  });

  it("are each given up when their own time is over", async () => {
    const { write, unlock, done } = locked();
    const patient = write("patient");
    const began = performance.now();
    await expect(write("hasty", TIMEOUT)).rejects.toMatchObject({
      code: "ERR_SESSION_STORE_TIMEOUT",
      cause: expect.any(Locked),
    });
    expect(performance.now() - began).toBeLessThan(4000);
    unlock();
    await patient;
    await pause(50);
    expect(done).toEqual(["patient"]);
  });

  it("keep none waiting that only reads", async () => {
    const { store, write, unlock } = locked();
    const writing = write("writes");
    await pause(50);
    const reading = new Deadline(store, 5000).ask("get", () => "read");
    expect(await Promise.race([reading, writing])).toBe("read");
    unlock();
    await writing;
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
    await deadline.ask("get", () => pause(0.55 * TIMEOUT));
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
