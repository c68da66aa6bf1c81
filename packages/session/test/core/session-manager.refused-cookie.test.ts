import { beforeEach, describe, expect, it, vi } from "vitest";
import type { SessionOptions } from "../../src/options/options.ts";
import golden from "../golden/signed/golden.json" with { type: "json" };
import { count } from "../support/acts.ts";
import { deletion } from "../support/cookies.ts";
import { DAY, NOW, OLDER_SECRET, stoppedClock } from "../support/fixed.ts";
import { type LooseSession, sessionsWith, Visitor } from "../support/visitor.ts";

const { token } = golden.payloads["the visit counter"];

let visitor: Visitor;

beforeEach(() => {
  visitor = new Visitor();
});

describe("a cookie that is refused", () => {
  const bad = `${token.slice(0, -1)}A`;

  it("reads as an empty new session, and reports its reason and nothing else", async () => {
    visitor.cookies.set("session", bad);
    const onReject = vi.fn();
    const session = await (await sessionsWith({ onReject })).open(visitor.jar());
    expect({ ...session }).toEqual({});
    expect(session.isNew).toBe(true);
    expect(session.modified).toBe(false);
    expect(onReject.mock.calls).toEqual([["bad-signature"]]);
  });

  it("is replaced by the first change", async () => {
    visitor.cookies.set("session", bad);
    const sessions = await sessionsWith();
    expect(await visitor.visits(sessions, count)).toHaveLength(1);
    expect(await visitor.finds(sessions)).toEqual({ visits: 1 });
  });

  it("is left alone by a request that only reads the session", async () => {
    visitor.cookies.set("session", bad);
    const sessions = await sessionsWith();
    expect(await visitor.visits(sessions)).toEqual([]);
    expect(await visitor.visits(sessions, () => {}, { readOnly: true })).toEqual([]);
    expect(visitor.cookies.get("session")).toBe(bad);
  });

  it.each<[string, SessionOptions]>([
    ["a machine that does not have the new secret yet", { secret: OLDER_SECRET }],
    ["a machine whose clock is 61 seconds behind", { clock: stoppedClock(NOW - 61) }],
  ])("by %s is believed again by the other machines", async (_, options) => {
    visitor.cookies.set("session", token);
    expect(await visitor.visits(await sessionsWith(options))).toEqual([]);
    expect(await visitor.finds(await sessionsWith())).toEqual({ visits: 3 });
  });

  it.each<[string, (session: LooseSession) => void]>([
    ["clear()", (session) => session.clear()],
    ["modified = true", (session) => Object.assign(session, { modified: true })],
  ])("is deleted by %s, once, however often the session is saved", async (_, write) => {
    const sessions = await sessionsWith();
    visitor.cookies.set("session", bad);
    const sent = await visitor.visits(sessions, async (session) => {
      write(session);
      expect(session.modified).toBe(true);
      await session.save();
      expect(session.modified).toBe(false);
    });
    expect(sent).toEqual([deletion]);
  });

  it("is not deleted by regenerate(): no id is in it", async () => {
    visitor.cookies.set("session", bad);
    expect(await visitor.visits(await sessionsWith(), (session) => session.regenerate())).toEqual(
      [],
    );
  });

  it.each<[string, string, SessionOptions]>([
    ["malformed", "nonsense", {}],
    ["malformed", ".", {}],
    ["bad-signature", "a.b.c", {}],
    ["unknown-format", "Fe26.2*1*salt*iv*encrypted*expires*salt*mac~2", {}],
    ["bad-signature", token, { secret: OLDER_SECRET }],
    ["expired", token, { clock: stoppedClock(NOW + 31 * DAY + 1) }],
    ["not-yet-valid", token, { clock: stoppedClock(NOW - 61) }],
    ["too-old", token, { absoluteTimeout: 60, clock: stoppedClock(NOW + 61) }],
  ])("reports %s of %s", async (reason, value, options) => {
    const onReject = vi.fn();
    visitor.cookies.set("session", value);
    await (await sessionsWith({ ...options, onReject })).open(visitor.jar());
    expect(onReject.mock.calls).toEqual([[reason]]);
  });

  it.each([
    [
      "throws",
      () => {
        throw new Error("metrics are down");
      },
    ],
    ["rejects", () => Promise.reject(new Error("metrics are down"))],
  ])("does no harm when onReject %s: that is logged", async (_, onReject) => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    visitor.cookies.set("session", bad);
    const sessions = await sessionsWith({ onReject });
    expect(await visitor.visits(sessions, count)).toHaveLength(1);
    expect(log.mock.calls).toEqual([
      ["[next-signed-session] onReject failed:", new Error("metrics are down")],
    ]);
  });

  it("is not waited for: onReject may take its time", async () => {
    visitor.cookies.set("session", bad);
    const sessions = await sessionsWith({ onReject: () => new Promise(() => {}) });
    expect(await visitor.finds(sessions)).toEqual({});
  });
});
