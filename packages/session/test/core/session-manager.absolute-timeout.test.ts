import { beforeEach, describe, expect, it, vi } from "vitest";
import { count, permanently } from "../support/acts.ts";
import { DAY, NOW, OLDER_SECRET, SECRET, stoppedClock } from "../support/fixed.ts";
import { sessionsWith, Visitor } from "../support/visitor.ts";

let clock: ReturnType<typeof stoppedClock>;
let visitor: Visitor;

beforeEach(() => {
  clock = stoppedClock();
  visitor = new Visitor();
});

describe("the absolute lifetime", () => {
  const week = { absoluteTimeout: { days: 7 }, refreshAfter: 0 };

  it("ends a session at its very second, whatever refreshed it", async () => {
    const onReject = vi.fn();
    const sessions = await sessionsWith({ ...week, clock, onReject });
    await visitor.visits(sessions, permanently);
    for (let day = 1; day <= 6; day++) {
      clock.pass(DAY);
      await visitor.visits(sessions, count);
    }
    clock.pass(DAY);
    expect(await visitor.finds(sessions)).toEqual({ visits: 7 });
    clock.pass(1);
    expect(await visitor.finds(sessions)).toEqual({});
    expect(onReject.mock.calls).toEqual([["too-old"]]);
  });

  it("is the most that a browser keeps the cookie", async () => {
    const sessions = await sessionsWith({ ...week, clock });
    expect(await visitor.visits(sessions, permanently)).toMatchObject([{ maxAge: 7 * DAY }]);
    clock.pass(5 * DAY);
    expect(await visitor.visits(sessions)).toMatchObject([
      { maxAge: 2 * DAY, expires: new Date((NOW + 7 * DAY) * 1000) },
    ]);
  });

  it("is counted through a change of the secret", async () => {
    const older = await sessionsWith({ ...week, clock, secret: OLDER_SECRET });
    await visitor.visits(older, permanently);
    clock.pass(6 * DAY);
    const rotated = await sessionsWith({ ...week, clock, secret: [SECRET, OLDER_SECRET] });
    await visitor.visits(rotated, count);
    const newer = await sessionsWith({ ...week, clock });
    expect(await visitor.finds(newer)).toEqual({ visits: 2 });
    clock.pass(DAY + 1);
    expect(await visitor.finds(newer)).toEqual({});
  });

  it("is counted, for a session from before it was set, from that one's cookie", async () => {
    await visitor.visits(await sessionsWith({ clock }), permanently);
    clock.pass(DAY);
    const sessions = await sessionsWith({ ...week, clock });
    await visitor.visits(sessions);
    clock.pass(6 * DAY);
    expect(await visitor.finds(sessions)).toEqual({ visits: 1 });
    clock.pass(1);
    expect(await visitor.finds(sessions)).toEqual({});
  });

  it("alone is no reason to send a cookie", async () => {
    await visitor.visits(await sessionsWith({ clock }), count);
    const sessions = await sessionsWith({ ...week, refreshAfter: DAY, clock });
    expect(await visitor.visits(sessions)).toEqual([]);
  });

  it("starts again with a session that was cleared", async () => {
    const sessions = await sessionsWith({ ...week, clock });
    await visitor.visits(sessions, permanently);
    clock.pass(6 * DAY);
    await visitor.visits(sessions, (session) => {
      session.clear();
      session.user = "ann";
    });
    clock.pass(7 * DAY);
    expect(await visitor.finds(sessions)).toEqual({ user: "ann" });
  });

  it("ends a session of the browser's just so", async () => {
    const sessions = await sessionsWith({ ...week, clock });
    await visitor.visits(sessions, count);
    clock.pass(7 * DAY);
    await visitor.visits(sessions, count);
    expect(await visitor.finds(sessions)).toEqual({ visits: 2 });
    clock.pass(1);
    expect(await visitor.finds(sessions)).toEqual({});
  });
});
