import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type ServerClock, serverClock } from "../../src/browser/server-clock.ts";
import { DAY, NOW } from "../support/fixed.ts";

const SECONDS = 1000;
const HOUR = 3600;
const start = NOW * SECONDS;

/** The server accepts a session to the end of its last second. */
const LAST_SECOND = 1;

let clock: ServerClock;

const at = (seconds: number) => new Date(start + seconds * SECONDS);
/** A session with this many seconds left, read at this second. */
const session = (seconds: number, readAt = 0) => ({
  expiresAt: at(seconds - LAST_SECOND),
  readAt: at(readAt),
});
const secondsLeft = (of: ReturnType<typeof session>) => clock.left(of) / SECONDS;

beforeEach(() => {
  vi.useFakeTimers({ now: start });
  clock = serverClock();
});

afterEach(() => {
  vi.useRealTimers();
});

describe("the server's clock in a browser", () => {
  it.each([-DAY, -HOUR, 0, HOUR, DAY])("is right if the browser's is %d seconds ahead", (ahead) => {
    vi.setSystemTime(start + ahead * SECONDS);
    clock.learn(session(60));
    expect(secondsLeft(session(60))).toBe(60);
    vi.advanceTimersByTime(20 * SECONDS);
    expect(secondsLeft(session(60))).toBe(40);
  });

  it("is not put back by an answer that was long on its way", () => {
    clock.learn(session(HOUR));
    vi.advanceTimersByTime(300 * SECONDS);
    clock.learn(session(HOUR));
    expect(secondsLeft(session(HOUR))).toBe(HOUR - 300);
  });

  it("is corrected by an answer that came faster than the ones before", () => {
    clock.learn(session(HOUR, -9));
    clock.learn(session(HOUR, -1));
    expect(secondsLeft(session(HOUR))).toBe(HOUR + 1);
  });

  it("is learned from scratch if the browser's was set: the server would send no session that has ended", () => {
    clock.learn(session(HOUR));
    vi.setSystemTime(start + DAY * SECONDS);
    expect(secondsLeft(session(HOUR))).toBeLessThan(0);
    clock.learn(session(HOUR, 1));
    expect(secondsLeft(session(HOUR))).toBe(HOUR - 1);
  });

  it("shows that a session is over from the second at which the server refuses it", () => {
    clock.learn({ expiresAt: at(0), readAt: at(0) });
    expect(clock.left({ expiresAt: at(0), readAt: at(0) })).toBe(1 * SECONDS);
    vi.advanceTimersByTime(1 * SECONDS);
    expect(clock.left({ expiresAt: at(0), readAt: at(0) })).toBe(0);
  });
});

describe("the time at which so much is left of a session", () => {
  it.each([1, 60, 24 * DAY, 31 * DAY, 400 * DAY])("in %d seconds is met, and not early", (wait) => {
    const long = session(wait + 120);
    clock.learn(long);
    const callback = vi.fn();
    clock.whenLeft(120 * SECONDS, long, callback);
    // The computer sleeps through all but the last hour: the timers of 400 days take ten seconds.
    const awake = Math.min(wait, HOUR);
    vi.advanceTimersByTime((awake / 2) * SECONDS);
    vi.setSystemTime(start + (wait - awake / 2) * SECONDS);
    vi.advanceTimersByTime((awake / 2) * SECONDS - 1);
    expect(callback).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(callback).toHaveBeenCalledOnce();
  });

  it("that has passed calls back soon, and after the function that cancels it is known", () => {
    clock.learn(session(60));
    const callback = vi.fn();
    clock.whenLeft(120 * SECONDS, session(60), callback);
    expect(callback).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(callback).toHaveBeenCalledOnce();
  });

  it("that passed while the computer slept is noticed ten seconds later, and once", () => {
    clock.learn(session(HOUR));
    const callback = vi.fn();
    clock.whenLeft(0, session(HOUR), callback);
    vi.advanceTimersByTime(60 * SECONDS);
    vi.setSystemTime(start + DAY * SECONDS);
    vi.advanceTimersByTime(10 * SECONDS);
    expect(callback).toHaveBeenCalledOnce();
    vi.advanceTimersByTime(DAY * SECONDS);
    expect(callback).toHaveBeenCalledOnce();
  });

  it("that is cancelled never calls back", () => {
    clock.learn(session(60));
    const callback = vi.fn();
    clock.whenLeft(0, session(60), callback)();
    vi.advanceTimersByTime(HOUR * SECONDS);
    expect(callback).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });
});
