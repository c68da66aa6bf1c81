import { beforeEach, describe, expect, it, vi } from "vitest";
import type { SessionOptions } from "../../src/options/options.ts";
import { count, permanently } from "../support/acts.ts";
import { DAY, NOW, stoppedClock } from "../support/fixed.ts";
import { sessionsWith, Visitor } from "../support/visitor.ts";

let clock: ReturnType<typeof stoppedClock>;
let visitor: Visitor;

beforeEach(() => {
  clock = stoppedClock();
  visitor = new Visitor();
});

describe("the lifetime of a session", () => {
  const hour = { idleTimeout: 3600, refreshAfter: 3600 };

  it("is the browser's, unless permanent: no Expires, no Max-Age", async () => {
    const [cookie] = await visitor.visits(await sessionsWith(), count);
    expect(cookie?.maxAge).toBeUndefined();
    expect(cookie?.expires).toBeUndefined();
  });

  it("is in Expires and Max-Age, which agree, when permanent", async () => {
    const sessions = await sessionsWith();
    const [cookie] = await visitor.visits(sessions, permanently);
    expect(cookie).toMatchObject({ maxAge: 2_678_400, expires: new Date("2023-12-15T22:13:20Z") });
    expect(cookie?.expires?.getTime()).toBe((NOW + (cookie?.maxAge as number)) * 1000);
  });

  it("can be made permanent, once, and the browser's again", async () => {
    const sessions = await sessionsWith();
    await visitor.visits(sessions, permanently);
    expect(await visitor.visits(sessions, count)).toMatchObject([{ maxAge: 31 * DAY }]);
    const [cookie] = await visitor.visits(sessions, (session) => {
      session.permanent = false;
    });
    expect(cookie?.value).not.toBe("");
    expect(cookie && "maxAge" in cookie ? cookie.maxAge : undefined).toBeUndefined();
    expect(await visitor.finds(sessions)).toEqual({ visits: 2 });
  });

  it.each([
    ["permanent", permanently],
    ["the browser's", count],
  ])("ends on the server at its very second, when it is %s", async (_, change) => {
    const onReject = vi.fn();
    const sessions = await sessionsWith({ ...hour, clock, onReject });
    await visitor.visits(sessions, change);
    clock.pass(3600);
    expect(await visitor.finds(sessions)).toEqual({ visits: 1 });
    expect(onReject).not.toHaveBeenCalled();
    clock.pass(1);
    expect(await visitor.finds(sessions)).toEqual({});
    expect(onReject.mock.calls).toEqual([["expired"]]);
  });

  it("made shorter applies to cookies already out", async () => {
    await visitor.visits(await sessionsWith({ clock }), permanently);
    clock.pass(3601);
    expect(await visitor.finds(await sessionsWith({ clock }))).toEqual({ visits: 1 });
    expect(await visitor.finds(await sessionsWith({ ...hour, clock }))).toEqual({});
  });

  it("starts again with each change", async () => {
    const sessions = await sessionsWith({ ...hour, clock });
    for (const visits of [1, 2, 3]) {
      await visitor.visits(sessions, count);
      clock.pass(3600);
      expect(await visitor.finds(sessions)).toEqual({ visits });
    }
  });

  it("allows for a clock a minute ahead, and no more", async () => {
    await visitor.visits(await sessionsWith({ clock: stoppedClock(NOW + 60) }), count);
    expect(await visitor.finds(await sessionsWith())).toEqual({ visits: 1 });
    await visitor.visits(await sessionsWith({ clock: stoppedClock(NOW + 61) }), count);
    expect(await visitor.finds(await sessionsWith())).toEqual({});
  });
});

describe("the refresh of a permanent session", () => {
  it("comes at the very second it is due, by no change, and then not again until due", async () => {
    const sessions = await sessionsWith({ clock });
    await visitor.visits(sessions, permanently);
    clock.pass(DAY - 1);
    expect(await visitor.visits(sessions)).toEqual([]);
    clock.pass(1);
    const [refreshed, ...more] = await visitor.visits(sessions);
    expect(more).toEqual([]);
    expect(refreshed?.expires).toEqual(new Date((NOW + 32 * DAY) * 1000));
    expect(await sessions.read(refreshed?.value as string)).toMatchObject({
      issuedAt: NOW + DAY,
      payload: { data: { visits: 1 }, permanent: true },
    });
    expect(await visitor.visits(sessions)).toEqual([]);
    clock.pass(DAY - 1);
    expect(await visitor.visits(sessions)).toEqual([]);
    clock.pass(1);
    expect(await visitor.visits(sessions)).toHaveLength(1);
  });

  it("comes once a request, however often the session is saved in it", async () => {
    const sessions = await sessionsWith({ clock });
    await visitor.visits(sessions, permanently);
    clock.pass(2 * DAY);
    expect(await visitor.visits(sessions, (session) => session.save())).toHaveLength(1);
  });

  it("comes with every request where refreshAfter is zero", async () => {
    const sessions = await sessionsWith({ clock, refreshAfter: 0 });
    await visitor.visits(sessions, permanently);
    expect(await visitor.visits(sessions)).toHaveLength(1);
    expect(await visitor.visits(sessions)).toHaveLength(1);
  });

  it("is put off, and is no error, where no cookie can be sent", async () => {
    const sessions = await sessionsWith({ clock });
    await visitor.visits(sessions, permanently);
    clock.pass(DAY);
    expect(await visitor.visits(sessions, () => {}, { readOnly: true })).toEqual([]);
    expect(await visitor.visits(sessions)).toHaveLength(1);
  });

  it("comes to a session of the browser's too, without an end in its cookie", async () => {
    const sessions = await sessionsWith({ clock });
    await visitor.visits(sessions, count);
    clock.pass(DAY - 1);
    expect(await visitor.visits(sessions)).toEqual([]);
    clock.pass(1);
    const [cookie] = await visitor.visits(sessions);
    expect(cookie).toBeDefined();
    expect(cookie?.maxAge).toBeUndefined();
  });

  it("never comes to a session of the browser's in Flask's cookie", async () => {
    const sessions = await sessionsWith({ clock, refreshAfter: 0, format: "flask" });
    await visitor.visits(sessions, count);
    clock.pass(30 * DAY);
    expect(await visitor.visits(sessions)).toEqual([]);
  });

  it("is not needed after a change, which is as good", async () => {
    const sessions = await sessionsWith({ clock });
    await visitor.visits(sessions, permanently);
    clock.pass(DAY - 1);
    await visitor.visits(sessions, count);
    clock.pass(1);
    expect(await visitor.visits(sessions)).toEqual([]);
  });

  it("keeps active users logged in without an end", async () => {
    const sessions = await sessionsWith({ clock });
    await visitor.visits(sessions, permanently);
    for (let month = 0; month < 24; month++) {
      clock.pass(30 * DAY);
      await visitor.visits(sessions);
    }
    expect(await visitor.finds(sessions)).toEqual({ visits: 1 });
  });
});

describe("a session that ends after 15 minutes without a request", () => {
  const minutes = 60;
  const idleTimeout = { minutes: 15 };

  async function login(options: SessionOptions, permanent: boolean) {
    const clock = stoppedClock();
    const sessions = await sessionsWith({ idleTimeout, clock, ...options });
    const visitor = new Visitor();
    await visitor.visits(sessions, (session) => Object.assign(session, { user: "ada", permanent }));
    return { clock, sessions, visitor };
  }

  it.each([true, false])(
    "lasts through an hour with a request a minute, permanent or not: %s",
    async (permanent) => {
      const { clock, sessions, visitor } = await login({}, permanent);
      for (let minute = 0; minute < 60; minute++) {
        clock.pass(1 * minutes);
        await visitor.visits(sessions);
      }
      expect(await visitor.finds(sessions)).toEqual({ user: "ada" });
      clock.pass(15 * minutes + 1);
      expect(await visitor.finds(sessions)).toEqual({});
    },
  );

  it("is good for nine tenths of the time, at the least, after any request", async () => {
    for (let pause = 1; pause < 100; pause++) {
      const { clock, sessions, visitor } = await login({}, false);
      clock.pass(pause);
      await visitor.visits(sessions);
      clock.pass(0.9 * 15 * minutes);
      expect(await visitor.finds(sessions), `${pause} seconds`).toEqual({ user: "ada" });
    }
  });

  it("has its absolute timeout all the same", async () => {
    const { clock, sessions, visitor } = await login({ absoluteTimeout: { hours: 1 } }, false);
    for (let minute = 0; minute < 61; minute++) {
      clock.pass(1 * minutes);
      await visitor.visits(sessions);
    }
    expect(await visitor.finds(sessions)).toEqual({});
  });

  it.each([
    ["permanent", true, { user: "ada" }],
    ["the browser's", false, {}],
  ])("follows Flask's rules in Flask's cookie: %s", async (_, permanent, data) => {
    const { clock, sessions, visitor } = await login({ format: "flask" }, permanent);
    for (let minute = 0; minute < 16; minute++) {
      clock.pass(1 * minutes);
      await visitor.visits(sessions);
    }
    expect(await visitor.finds(sessions)).toEqual(data);
  });
});
