import { beforeEach, describe, expect, it, vi } from "vitest";
import golden from "../golden/signed/golden.json" with { type: "json" };
import { NOW, stoppedClock } from "../support/fixed.ts";
import { sessionsWith, Visitor } from "../support/visitor.ts";

const { token } = golden.payloads["the visit counter"];

let visitor: Visitor;

beforeEach(() => {
  visitor = new Visitor();
});

describe("several cookies of one name", () => {
  const header = (...values: string[]) => ({
    cookieHeader: values.map((value) => `session=${value}`).join("; "),
    assertWritable() {},
    set: () => {},
  });
  const issued = async (seconds: number, data: object) =>
    (await sessionsWith({ clock: stoppedClock(seconds) })).encode({ ...data }, false);

  it("are tried until one is accepted", async () => {
    const session = await (await sessionsWith()).open(header("junk", "a.b.c", token));
    expect({ ...session }).toEqual({ visits: 3 });
    expect(session.isNew).toBe(false);
  });

  it.each([
    ["beside a good one", ["junk", "a.b.c", token, "d.e.f"]],
    ["if none is accepted", ["junk", "a.b.c", "d.e.f"]],
  ])("report each reason once %s", async (_, values) => {
    const onReject = vi.fn();
    await (await sessionsWith({ onReject })).open(header(...values));
    expect(onReject.mock.calls).toEqual([["malformed"], ["bad-signature"]]);
  });

  it("give the one that was issued last, in whatever order they come", async () => {
    const [older, newer] = await Promise.all([
      issued(NOW - 10, { from: "older" }),
      issued(NOW - 5, { from: "newer" }),
    ]);
    const sessions = await sessionsWith();
    expect({ ...(await sessions.open(header(older, newer))) }).toEqual({ from: "newer" });
    expect({ ...(await sessions.open(header(newer, older))) }).toEqual({ from: "newer" });
  });

  it("are tried up to the eighth, or a header full of them would keep the server busy", async () => {
    const sessions = await sessionsWith();
    const junk = (many: number) => Array.from({ length: many }, () => "junk");
    expect({ ...(await sessions.open(header(...junk(7), token))) }).toEqual({ visits: 3 });
    expect({ ...(await sessions.open(header(...junk(8), token))) }).toEqual({});
  });

  it("are none where all are empty: there is nothing to delete, nor to refuse", async () => {
    const onReject = vi.fn();
    visitor.cookies.set("session", "");
    const sessions = await sessionsWith({ onReject });
    expect(await visitor.visits(sessions, (session) => session.clear())).toEqual([]);
    expect(onReject).not.toHaveBeenCalled();
  });
});
