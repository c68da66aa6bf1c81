import { beforeEach, describe, expect, it, vi } from "vitest";
import type { SetCookie } from "../../src/cookie/cookie.ts";
import { serializeCookie } from "../../src/cookie/set-cookie.ts";
import type { SessionManager } from "../../src/core/session-manager.ts";
import {
  SessionReadOnlyError,
  SessionSerializationError,
  SessionTooLargeError,
} from "../../src/errors/errors.ts";
import { checkOptions } from "../../src/options/check-options.ts";
import type { SessionOptions } from "../../src/options/options.ts";
import golden from "../golden/signed/golden.json" with { type: "json" };
import { deletion, sessionCookie } from "../support/cookies.ts";
import { DAY, NOW, OLDER_SECRET, SECRET, stoppedClock } from "../support/fixed.ts";
import { thrownBy } from "../support/thrown.ts";
import { type LooseSession, sessionsWith, Visitor } from "../support/visitor.ts";

const { token } = golden.payloads["the visit counter"];

let clock: ReturnType<typeof stoppedClock>;
let visitor: Visitor;

beforeEach(() => {
  clock = stoppedClock();
  visitor = new Visitor();
});

const count = (session: LooseSession) => {
  session.visits = ((session.visits as number) ?? 0) + 1;
};

const permanently = (session: LooseSession) => {
  session.permanent = true;
  count(session);
};

describe("a cookie", () => {
  it("is sent when the session is changed, and holds it byte for byte", async () => {
    const sessions = await sessionsWith();
    const sent = await visitor.visits(sessions, (session) => Object.assign(session, { visits: 3 }));
    expect(sent).toEqual([{ ...sessionCookie, value: token }]);
  });

  it("is read back by the next request", async () => {
    const sessions = await sessionsWith();
    for (const visits of [1, 2, 3]) {
      await visitor.visits(sessions, count);
      expect(await visitor.finds(sessions)).toEqual({ visits });
    }
  });

  it("is not sent for a session that was only read, new or not", async () => {
    const sessions = await sessionsWith();
    expect(await visitor.visits(sessions, (session) => session.visits)).toEqual([]);
    visitor.cookies.set("session", token);
    expect(await visitor.visits(sessions, (session) => session.visits)).toEqual([]);
    expect(await visitor.visits(sessions, (session) => session.modified)).toEqual([]);
  });

  it("is not sent for a change undone", async () => {
    visitor.cookies.set("session", token);
    const sessions = await sessionsWith();
    const sent = await visitor.visits(sessions, (session) => {
      session.visits = 4;
      session.visits = 3;
    });
    expect(sent).toEqual([]);
  });

  it("is sent for a nested change, with no flag to set", async () => {
    const sessions = await sessionsWith();
    await visitor.visits(sessions, (session) => {
      session.cart = { pineapples: "10", apples: "20" };
    });
    const sent = await visitor.visits(sessions, (session) => {
      (session.cart as LooseSession).pineapples = "100";
    });
    expect(sent).toHaveLength(1);
    expect(await visitor.finds(sessions)).toEqual({ cart: { pineapples: "100", apples: "20" } });
  });

  it("is sent once for each change, and not for each save", async () => {
    const sessions = await sessionsWith();
    const jar = visitor.jar();
    const session = (await sessions.open(jar)) as LooseSession;
    session.a = 1;
    await Promise.all([session.save(), session.save()]);
    await session.save();
    expect(jar.sent).toHaveLength(1);
    session.a = 2;
    await session.save();
    expect(jar.sent).toHaveLength(2);
  });

  it("is sent again, unchanged, when the session is called modified by hand", async () => {
    visitor.cookies.set("session", token);
    clock.pass(60);
    const sessions = await sessionsWith({ clock });
    const sent = await visitor.visits(sessions, (session) => {
      session.modified = true;
    });
    expect(sent).toHaveLength(1);
    expect(await sessions.read(sent[0]?.value as string)).toMatchObject({ issuedAt: NOW + 60 });
  });

  it("has the attributes of the options", async () => {
    const cookie = {
      path: "/app",
      domain: "example.com",
      sameSite: "none",
      secure: true,
      httpOnly: false,
      partitioned: true,
      priority: "high",
    } as const;
    const sessions = await sessionsWith({ name: "__Secure-id", cookie });
    expect(await visitor.visits(sessions, count)).toMatchObject([
      { name: "__Secure-id", ...cookie },
    ]);
    const deleted = await visitor.visits(sessions, (session) => session.clear());
    expect(deleted).toEqual([
      { ...cookie, name: "__Secure-id", value: "", maxAge: 0, expires: new Date(0) },
    ]);
  });
});

describe("an emptied session", () => {
  it.each<[string, (session: LooseSession) => void]>([
    ["its last key is deleted", (session) => delete session.visits],
    [
      "its last key is set to undefined",
      (session) => Object.assign(session, { visits: undefined }),
    ],
    ["it is cleared", (session) => session.clear()],
    [
      "it is cleared and made permanent, which an empty one cannot be",
      (session) => {
        session.clear();
        session.permanent = true;
      },
    ],
  ])("has its cookie deleted, with the same attributes, when %s", async (_, empty) => {
    visitor.cookies.set("session", token);
    const sessions = await sessionsWith();
    expect(await visitor.visits(sessions, empty)).toEqual([deletion]);
    expect(visitor.cookies.size).toBe(0);
  });

  it("does not so much as touch the response where there was no cookie", async () => {
    const sessions = await sessionsWith();
    const jar = visitor.jar();
    const set = vi.spyOn(jar, "set");
    const session = (await sessions.open(jar)) as LooseSession;
    session.permanent = true;
    session.modified = true;
    await session.save();
    expect(set).not.toHaveBeenCalled();
  });

  it("sends nothing where there was no cookie", async () => {
    const sessions = await sessionsWith();
    expect(await visitor.visits(sessions, (session) => session.clear())).toEqual([]);
    const sent = await visitor.visits(sessions, (session) => {
      session.permanent = true;
      session.modified = true;
    });
    expect(sent).toEqual([]);
  });

  it("sends a deletion for a cookie that this very request has set", async () => {
    const sessions = await sessionsWith();
    const jar = visitor.jar();
    const session = (await sessions.open(jar)) as LooseSession;
    session.a = 1;
    await session.save();
    session.clear();
    await session.save();
    await session.save();
    expect(jar.sent.map(({ value }) => value !== "")).toEqual([true, false]);
  });

  it("that is filled again sends one cookie and no deletion", async () => {
    visitor.cookies.set("session", token);
    const sessions = await sessionsWith();
    const sent = await visitor.visits(sessions, (session) => {
      session.clear();
      session.user = "ann";
    });
    expect(sent).toHaveLength(1);
    expect(await visitor.finds(sessions)).toEqual({ user: "ann" });
  });
});

describe("modified = false", () => {
  const logIn = (session: LooseSession) => {
    session.user = "ann";
  };
  const waive = (session: LooseSession) => {
    session.modified = false;
  };

  it("does not keep a session logged in that is cleared before or after", async () => {
    const sessions = await sessionsWith();
    for (const steps of [
      [waive, (session: LooseSession) => session.clear()],
      [(session: LooseSession) => session.clear(), waive],
    ]) {
      await visitor.visits(sessions, logIn);
      const sent = await visitor.visits(sessions, (session) => {
        for (const step of steps) step(session);
      });
      expect(sent).toEqual([deletion]);
    }
  });

  it("keeps a due refresh from being sent, and a later change is sent all the same", async () => {
    const sessions = await sessionsWith({ clock });
    await visitor.visits(sessions, permanently);
    clock.pass(2 * DAY);
    expect(await visitor.visits(sessions, waive)).toEqual([]);
    const sent = await visitor.visits(sessions, (session) => {
      waive(session);
      count(session);
    });
    expect(sent).toHaveLength(1);
    expect(await visitor.finds(sessions)).toEqual({ visits: 2 });
  });
});

describe("a cookie that is refused", () => {
  const bad = `${token.slice(0, -1)}A`;

  it("reads as an empty new session, and tells its reason and nothing else", async () => {
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
  ])("tells %s of %s", async (reason, value, options) => {
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

  it("keeps who keeps coming logged in, for ever", async () => {
    const sessions = await sessionsWith({ clock });
    await visitor.visits(sessions, permanently);
    for (let month = 0; month < 24; month++) {
      clock.pass(30 * DAY);
      await visitor.visits(sessions);
    }
    expect(await visitor.finds(sessions)).toEqual({ visits: 1 });
  });
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

describe("a change of the secret", () => {
  it("loses nobody: read under the old, signed under the new at the next change", async () => {
    await visitor.visits(await sessionsWith({ secret: OLDER_SECRET }), count);
    const rotated = await sessionsWith({ secret: [SECRET, OLDER_SECRET] });
    expect(await visitor.visits(rotated)).toEqual([]);
    expect(await visitor.finds(await sessionsWith({ secret: SECRET }))).toEqual({});
    await visitor.visits(rotated, count);
    expect(await visitor.finds(await sessionsWith({ secret: SECRET }))).toEqual({ visits: 2 });
    expect(await visitor.finds(await sessionsWith({ secret: OLDER_SECRET }))).toEqual({});
  });

  it("signs a permanent session again with its refresh", async () => {
    await visitor.visits(await sessionsWith({ secret: OLDER_SECRET, clock }), permanently);
    clock.pass(DAY);
    await visitor.visits(await sessionsWith({ secret: [SECRET, OLDER_SECRET], clock }));
    expect(await visitor.finds(await sessionsWith({ clock }))).toEqual({ visits: 1 });
  });
});

describe("a change that cannot be saved", () => {
  it("throws where no cookie can be sent, and is saved by the next save that can", async () => {
    const sessions = await sessionsWith();
    const jar = visitor.jar();
    const failure = new SessionReadOnlyError("ERR_SESSION_READ_ONLY", "gone");
    const set = vi.spyOn(jar, "set").mockRejectedValueOnce(failure);
    const session = (await sessions.open(jar)) as LooseSession;
    session.visits = 1;
    await expect(session.save()).rejects.toBe(failure);
    await session.save();
    expect(set).toHaveBeenCalledTimes(2);
    expect(jar.sent).toHaveLength(1);
  });

  it("throws what a jar throws, also for a refresh, unless it is only that it cannot", async () => {
    const sessions = await sessionsWith({ clock });
    await visitor.visits(sessions, permanently);
    clock.pass(DAY);
    const jar = visitor.jar();
    const failure = new Error("the jar is broken");
    vi.spyOn(jar, "set").mockRejectedValue(failure);
    const session = await sessions.open(jar);
    await expect(session.save()).rejects.toBe(failure);
  });

  it("names what cannot be kept, and sends nothing", async () => {
    const sessions = await sessionsWith();
    const jar = visitor.jar();
    const session = (await sessions.open(jar)) as LooseSession;
    session.user = { lastSeen: Promise.resolve() };
    const error = await thrownBy(() => session.save(), SessionSerializationError);
    expect(error.message).toContain("session.user.lastSeen is a Promise");
    expect(jar.sent).toEqual([]);
  });
});

describe("the size of a cookie", () => {
  /** Text that deflate can hardly shorten. */
  const noise = (length: number) => {
    let state = 1;
    return Array.from({ length }, () => {
      state = (state * 48_271) % 2_147_483_647;
      return String.fromCharCode(35 + (state % 57));
    }).join("");
  };
  const holding = (length: number) => (session: LooseSession) => {
    session.a = noise(length);
  };

  it("may be 4096 bytes, name and attributes included, as a browser counts", async () => {
    const sessions = await sessionsWith();
    const fitting: number[] = [];
    const refused: number[] = [];
    for (let length = 3000; length < 4200; length += 50) {
      try {
        const [cookie] = await visitor.visits(sessions, holding(length));
        fitting.push(serializeCookie(cookie as SetCookie).length);
      } catch (error) {
        expect(error).toMatchObject({ code: "ERR_SESSION_TOO_LARGE" });
        refused.push(Number(/\d+/.exec((error as SessionTooLargeError).message)?.[0]));
      }
    }
    expect(Math.max(...fitting)).toBeLessThanOrEqual(4096);
    expect(Math.max(...fitting)).toBeGreaterThan(3900);
    expect(Math.min(...refused)).toBeGreaterThan(4096);
    expect(Math.min(...refused)).toBeLessThan(4300);
  });

  it("counts Expires and Max-Age too", async () => {
    const sessions = await sessionsWith();
    let length = 3000;
    for (; ; length += 10) {
      const fits = await new Visitor().visits(sessions, holding(length)).catch(() => undefined);
      if (!fits) break;
    }
    await thrownBy(
      () =>
        visitor.visits(sessions, (session) => {
          session.permanent = true;
          session.a = noise(length - 10);
        }),
      SessionTooLargeError,
    );
  });

  it("that is too large is an error which names the bytes, the limit and the largest keys", async () => {
    const sessions = await sessionsWith();
    const error = await thrownBy(
      () =>
        visitor.visits(sessions, (session) => {
          Object.assign(session, {
            small: 1,
            cart: { items: noise(4000) },
            note: noise(1000),
            名: "ü".repeat(200),
          });
        }),
      SessionTooLargeError,
    );
    expect(error.message).toMatch(
      /^The session takes \d{4} bytes as a cookie and does not fit in one: a browser drops a cookie of more than 4096, name and attributes included\. Its largest keys, as JSON: cart \(4019 bytes\), note \(1009 bytes\), 名 \(408 bytes\)\. Keep large data on the server and its id in the session, or set `chunk: true` for up to four cookies\.$/,
    );
  });

  it("is made smaller by deflate only where it would not fit", async () => {
    const sessions = await sessionsWith();
    const [small] = await visitor.visits(sessions, (session) =>
      Object.assign(session, { a: "a".repeat(2900) }),
    );
    expect(small?.value.startsWith(".")).toBe(false);
    const [large] = await visitor.visits(sessions, (session) =>
      Object.assign(session, { a: "a".repeat(20_000) }),
    );
    expect(large?.value).toMatch(/^\.eJ/);
    expect(await visitor.finds(sessions)).toEqual({ a: "a".repeat(20_000) });
    expect(await visitor.visits(sessions)).toEqual([]);
  });
});

describe.each(["signed", "sealed"] as const)("a %s session that is to be compressed", (format) => {
  const lines = Array.from({ length: 20 }, (_, id) => ({ id, name: "pineapple", count: 1 }));
  const fill = (session: LooseSession) => Object.assign(session, { lines });

  it("is deflated where that makes it shorter, and reads the same", async () => {
    const plain = await sessionsWith({ format });
    const compressed = await sessionsWith({ format, compress: true });
    const [long] = await new Visitor().visits(plain, fill);
    const [short] = await visitor.visits(compressed, fill);
    expect(short?.value.length).toBeLessThan((long?.value.length ?? 0) / 2);
    expect(await visitor.finds(compressed)).toEqual({ lines });
    expect(await visitor.visits(compressed)).toEqual([]);
  });

  it("is left as it is where deflate would make it longer", async () => {
    const plain = await sessionsWith({ format });
    const compressed = await sessionsWith({ format, compress: true });
    const [cookie] = await visitor.visits(compressed, count);
    const [other] = await new Visitor().visits(plain, count);
    expect(cookie?.value.length).toBe(other?.value.length);
    expect(await visitor.finds(plain)).toEqual({ visits: 1 });
  });

  it("is read by one that is not, and that alone sends no cookie", async () => {
    const plain = await sessionsWith({ format });
    const compressed = await sessionsWith({ format, compress: true });
    await visitor.visits(compressed, fill);
    expect(await visitor.finds(plain)).toEqual({ lines });
    expect(await visitor.visits(plain)).toEqual([]);
  });

  it("is what encode() gives, too", async () => {
    const plain = await sessionsWith({ format });
    const compressed = await sessionsWith({ format, compress: true });
    const [long, short] = await Promise.all(
      [plain, compressed].map((sessions) => sessions.encode({ lines }, false)),
    );
    expect(short?.length).toBeLessThan((long?.length ?? 0) / 2);
  });
});

describe("a value made without a request", () => {
  it("is what a request reads, permanent or not", async () => {
    const sessions = await sessionsWith();
    expect(await sessions.encode({ visits: 3 }, false)).toBe(token);
    expect(await sessions.encode({ visits: 1 }, true)).toBe(
      golden.payloads["a permanent session"].token,
    );
    visitor.cookies.set("session", await sessions.encode({ visits: 1 }, true));
    expect((await sessions.open(visitor.jar())).permanent).toBe(true);
  });

  it("has a beginning where there is an absolute lifetime", async () => {
    const sessions = await sessionsWith({ clock, absoluteTimeout: 60 });
    expect(await sessions.read(await sessions.encode({}, false))).toMatchObject({
      ok: true,
      payload: { createdAt: NOW },
    });
  });

  it("is measured as the cookie that it would be", async () => {
    const large = Object.fromEntries(Array.from({ length: 500 }, (_, key) => [key, Math.sin(key)]));
    const sessions = await sessionsWith();
    await thrownBy(() => sessions.encode(large, false), SessionTooLargeError);
  });
});

describe("a fingerprint", () => {
  const fingerprint = async (options: SessionOptions) => (await sessionsWith(options)).fingerprint;

  it("is equal for equal options, read twice", async () => {
    const options = { name: "id", idleTimeout: { days: 1 } };
    expect(await fingerprint({ ...options })).toBe(await fingerprint({ ...options }));
  });

  it.each<SessionOptions>([
    { name: "id" },
    { secret: OLDER_SECRET },
    { cookie: { path: "/app" } },
    { idleTimeout: 60 },
    { absoluteTimeout: 60 },
    { chunk: true },
    { compress: true },
    { accept: ["flask"] },
  ])("differs from the default's with %j", async (options) => {
    expect(await fingerprint(options)).not.toBe(await fingerprint({}));
  });

  it("can be taken of any schema, were it one that JSON cannot show", async () => {
    const schema: Record<string, unknown> = {
      "~standard": { version: 1, vendor: "tests", validate: (value: unknown) => ({ value }) },
      least: 1n,
    };
    schema.self = schema;
    await expect(fingerprint({ schema: schema as never })).resolves.toBeTypeOf("string");
  });
});

describe("a cookie that is sent over https", () => {
  const https = { protocol: "https", host: "shop.example" };
  const http = { protocol: "http", host: "shop.example" };

  it.each([
    ["development", https, {}, true],
    ["development", http, {}, false],
    ["development", undefined, {}, false],
    ["development", https, { cookie: { secure: false } }, false],
    ["production", http, {}, true],
    ["production", http, { cookie: { secure: false } }, false],
  ])("in %s, for %j and with %j, is Secure: %s", async (mode, origin, options, secure) => {
    vi.stubEnv("NODE_ENV", mode);
    vi.spyOn(console, "warn").mockImplementation(() => {});
    visitor.origin = origin;
    const sessions = await sessionsWith(options);
    const set = await visitor.visits(sessions, count);
    const deleted = await visitor.visits(sessions, (session) => session.clear());
    expect([...set, ...deleted].map((cookie) => cookie.secure)).toEqual([secure, secure]);
  });
});

describe("a Secure cookie for plain http", () => {
  const http = { protocol: "http", host: "shop.example" };
  const secure = { cookie: { secure: true } };

  let lastLoaded: Promise<SessionManager>;

  /** In its own instance of the package, because each warns once per host. */
  async function warningsFor(origin: Visitor["origin"], options: SessionOptions, times = 1) {
    vi.resetModules();
    const { SessionManager: Fresh } = await import("../../src/core/session-manager.ts");
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    warn.mockClear();
    lastLoaded = Fresh.load(checkOptions({ secret: SECRET, clock, ...options })) as Promise<never>;
    const sessions = await lastLoaded;
    visitor.origin = origin;
    for (let time = 0; time < times; time++) await visitor.visits(sessions, count);
    return warn.mock.calls.map(([message]) => message);
  }

  it("is reported once, with what will happen and how to fix it", async () => {
    expect(await warningsFor(http, secure, 3)).toEqual([
      '[next-signed-session] The cookie "__Host-session" is Secure and was set for http://shop.example: the browser will drop it. Serve the site over https (a proxy that ends TLS must send X-Forwarded-Proto), or set `cookie: { secure: false }` where there is none.',
    ]);
  });

  it.each([
    "localhost",
    "localhost:3000",
    "app.localhost:3000",
    "127.0.0.1:3000",
    "127.1.2.3",
    "[::1]:3000",
  ])("is none at %s, where browsers take it", async (host) => {
    expect(await warningsFor({ protocol: "http", host }, secure)).toEqual([]);
  });

  it("is reported for the site's own host after a visitor sent another one", async () => {
    const warnings = await warningsFor({ protocol: "http", host: "forged.example" }, secure, 3);
    visitor.origin = http;
    const sessions = await lastLoaded;
    await visitor.visits(sessions, count);
    await visitor.visits(sessions, count);
    expect(warnings).toHaveLength(1);
    expect(vi.mocked(console.warn).mock.calls.map(([message]) => message)).toEqual([
      ...warnings,
      expect.stringContaining("http://shop.example:"),
    ]);
  });

  it("is reported for a hundred hosts at most, whatever visitors send", async () => {
    await warningsFor(http, secure);
    const sessions = await lastLoaded;
    for (let n = 0; n < 200; n++) {
      visitor.origin = { protocol: "http", host: `forged-${n}.example` };
      await visitor.visits(sessions, count);
    }
    expect(console.warn).toHaveBeenCalledTimes(100);
  });

  it.each(["localhost.example.com", "127.0.0.1.example.com", "mylocalhost", "10.0.0.1"])(
    "is one at %s",
    async (host) => {
      expect(await warningsFor({ protocol: "http", host }, secure)).toHaveLength(1);
    },
  );

  it("is none over https, where the request is not known, or without Secure", async () => {
    expect(await warningsFor({ ...http, protocol: "https" }, secure)).toEqual([]);
    expect(await warningsFor(undefined, secure)).toEqual([]);
    expect(await warningsFor(http, { cookie: { secure: false } })).toEqual([]);
  });
});
