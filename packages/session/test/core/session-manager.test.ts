import { beforeEach, describe, expect, it, vi } from "vitest";
import { SessionReadOnlyError, SessionSerializationError } from "../../src/errors/errors.ts";
import golden from "../golden/signed/golden.json" with { type: "json" };
import { count, permanently } from "../support/acts.ts";
import { deletion, sessionCookie } from "../support/cookies.ts";
import { DAY, NOW, stoppedClock } from "../support/fixed.ts";
import { thrownBy } from "../support/thrown.ts";
import { type LooseSession, sessionsWith, Visitor } from "../support/visitor.ts";

const { token } = golden.payloads["the visit counter"];

let clock: ReturnType<typeof stoppedClock>;
let visitor: Visitor;

beforeEach(() => {
  clock = stoppedClock();
  visitor = new Visitor();
});

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
