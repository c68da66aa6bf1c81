import { beforeEach, describe, expect, it, vi } from "vitest";
import { defineSession } from "../../src/core/define-session.ts";
import { SessionManager } from "../../src/core/session-manager.ts";
import { SessionOptionError, SessionStoreError } from "../../src/errors/errors.ts";
import { checkOptions } from "../../src/options/check-options.ts";
import type { SessionOptions } from "../../src/options/options.ts";
import { DAY, NOW, SECRET, stoppedClock } from "../support/fixed.ts";
import { MemoryStore } from "../support/memory-store.ts";
import { thrownBy } from "../support/thrown.ts";
import { type LooseSession, sessionsWith, Visitor } from "../support/visitor.ts";

type Before = (userId: unknown) => Date | null | undefined | Promise<Date | null | undefined>;

const clock = stoppedClock();
const onReject = vi.fn();
/** What the app's database has: from when on each user's sessions count. */
const revokedBefore = new Map<unknown, Date>();
const before = vi.fn<Before>((userId) => revokedBefore.get(userId));

const withRevocation = (options: SessionOptions = {}, cacheFor = 0) =>
  sessionsWith({
    clock,
    onReject,
    userOf: (data) => data.user as string | undefined,
    revocation: { before, cacheFor },
    ...options,
  });

const revoke = (user: unknown) => revokedBefore.set(user, new Date(clock()));

const logsIn = (user: string) => (session: LooseSession) => {
  session.clear();
  session.user = user;
};

beforeEach(() => {
  clock.to(NOW);
  onReject.mockClear();
  before.mockClear();
  revokedBefore.clear();
});

describe.each<[string, () => SessionOptions]>([
  ["a signed cookie", () => ({})],
  ["a sealed cookie", () => ({ format: "sealed" })],
  ["Flask's cookie", () => ({ format: "flask" })],
  ["Starlette's cookie", () => ({ format: "starlette" })],
  ["a store", () => ({ store: new MemoryStore() })],
])("a user's sessions are revoked, in %s", (_, options) => {
  it("wherever they are, and nobody else's", async () => {
    const sessions = await withRevocation(options());
    const [laptop, phone, other] = [new Visitor(), new Visitor(), new Visitor()];
    for (const [visitor, user] of [
      [laptop, "ada"],
      [phone, "ada"],
      [other, "grace"],
    ] as const) {
      await visitor.visits(sessions, logsIn(user));
    }
    clock.pass(60);
    revoke("ada");
    expect(await laptop.finds(sessions)).toEqual({});
    expect(await phone.finds(sessions)).toEqual({});
    expect(onReject.mock.calls).toEqual([["revoked"], ["revoked"]]);
    expect(await other.finds(sessions)).toEqual({ user: "grace" });
  });

  it("and no refresh or rewrite meanwhile saved one", async () => {
    const sessions = await withRevocation({ ...options(), refreshAfter: 0 });
    const visitor = new Visitor();
    await visitor.visits(sessions, logsIn("ada"));
    const revokedAt = NOW + 60;
    for (let day = 0; day < 3; day++) {
      clock.pass(DAY);
      await visitor.visits(sessions);
      await visitor.visits(sessions, (session) => Object.assign(session, { day }));
    }
    expect(await visitor.finds(sessions)).toMatchObject({ user: "ada" });
    revokedBefore.set("ada", new Date(revokedAt * 1000));
    expect(await visitor.finds(sessions)).toEqual({});
  });

  it.each<[string, (session: LooseSession) => void]>([
    ["clear() and the data again", logsIn("ada")],
    ["regenerate()", (session) => session.regenerate()],
  ])("but for the one that changed the password, after %s", async (_, renews) => {
    const sessions = await withRevocation(options());
    const [here, there] = [new Visitor(), new Visitor()];
    await here.visits(sessions, logsIn("ada"));
    await there.visits(sessions, logsIn("ada"));
    clock.pass(60);
    await here.visits(sessions, (session) => {
      revoke("ada");
      renews(session);
    });
    clock.pass(60);
    expect(await here.finds(sessions)).toEqual({ user: "ada" });
    expect(await there.finds(sessions)).toEqual({});
  });

  it.each<[string, (session: LooseSession) => void]>([
    ["clear()", logsIn("ada")],
    ["regenerate()", (session) => Object.assign(session, { user: "ada" }).regenerate()],
    ["neither", (session) => Object.assign(session, { user: "ada" })],
  ])(
    "and a login afterwards counts, in a session that was there before: with %s",
    async (_, login) => {
      const sessions = await withRevocation(options());
      const visitor = new Visitor();
      await visitor.visits(sessions, (session) => Object.assign(session, { cart: 1 }));
      clock.pass(60);
      revoke("ada");
      clock.pass(60);
      await visitor.visits(sessions, login);
      clock.pass(60);
      expect(await visitor.finds(sessions)).toMatchObject({ user: "ada" });
      await visitor.visits(sessions, (session) => Object.assign(session, { theme: "dark" }));
      revokedBefore.set("ada", new Date(clock()));
      expect(await visitor.finds(sessions), "and is revoked in its turn").toEqual({});
    },
  );
});

describe("a revoked session", () => {
  it("is left in the browser until something is written, and then replaced", async () => {
    const sessions = await withRevocation();
    const visitor = new Visitor();
    await visitor.visits(sessions, logsIn("ada"));
    const cookie = visitor.cookies.get("session");
    clock.pass(60);
    revoke("ada");
    expect(await visitor.visits(sessions)).toEqual([]);
    expect(visitor.cookies.get("session")).toBe(cookie);
    await visitor.visits(sessions, logsIn("grace"));
    expect(await visitor.finds(sessions)).toEqual({ user: "grace" });
  });

  it("is one that began before, to the second, and not in that second", async () => {
    const sessions = await withRevocation();
    const visitor = new Visitor();
    await visitor.visits(sessions, logsIn("ada"));
    revokedBefore.set("ada", new Date(NOW * 1000 + 999));
    expect(await visitor.finds(sessions)).toEqual({ user: "ada" });
    revokedBefore.set("ada", new Date(NOW * 1000 + 1000));
    expect(await visitor.finds(sessions)).toEqual({});
  });

  it("is refused by decode() too, with its reason", async () => {
    const options = { secret: SECRET, clock, userOf: (data: { user?: string }) => data.user };
    const { encode, decode } = defineSession<{ user: string }>({
      ...options,
      revocation: { before },
    });
    const value = await encode({ user: "ada" });
    clock.pass(1);
    revoke("ada");
    expect(await decode(value)).toEqual({ ok: false, reason: "revoked" });
  });

  it("is, from before this option, one that was last signed before", async () => {
    const visitor = new Visitor();
    await visitor.visits(await sessionsWith({ clock }), logsIn("ada"));
    clock.pass(60);
    const sessions = await withRevocation();
    expect(await visitor.finds(sessions)).toEqual({ user: "ada" });
    revoke("ada");
    expect(await visitor.finds(sessions)).toEqual({});
  });

  it("keeps its beginning when it moves into a store", async () => {
    const visitor = new Visitor();
    await visitor.visits(await withRevocation(), logsIn("ada"));
    clock.pass(DAY);
    const stored = await withRevocation({ store: new MemoryStore(), accept: ["signed"] });
    await visitor.visits(stored, (session) => Object.assign(session, { moved: true }));
    expect(await visitor.finds(stored)).toMatchObject({ user: "ada" });
    revokedBefore.set("ada", new Date((NOW + 60) * 1000));
    expect(await visitor.finds(stored)).toEqual({});
  });
});

describe("the function `revocation.before`", () => {
  it("is asked once per request, with what userOf returned, and not for a session of nobody", async () => {
    const sessions = await withRevocation();
    const visitor = new Visitor();
    await visitor.visits(sessions, (session) => Object.assign(session, { cart: 1 }));
    await visitor.finds(sessions);
    expect(before).not.toHaveBeenCalled();
    await visitor.visits(sessions, logsIn("ada"));
    await visitor.finds(sessions);
    await visitor.finds(sessions);
    expect(before.mock.calls).toEqual([["ada"], ["ada"]]);
  });

  it("is not asked about a cookie that is refused anyway", async () => {
    const sessions = await withRevocation();
    const visitor = new Visitor();
    await visitor.visits(sessions, logsIn("ada"));
    clock.pass(31 * DAY + 1);
    await visitor.finds(sessions);
    visitor.cookies.set("session", "forged.cookie.x");
    await visitor.finds(sessions);
    expect(before).not.toHaveBeenCalled();
  });

  it("is asked again after `cacheFor`, for each user, and once by parallel requests", async () => {
    const sessions = await withRevocation({}, 30);
    const [ada, grace] = [new Visitor(), new Visitor()];
    await ada.visits(sessions, logsIn("ada"));
    await grace.visits(sessions, logsIn("grace"));
    await Promise.all([ada.finds(sessions), ada.finds(sessions), grace.finds(sessions)]);
    expect(before.mock.calls.flat()).toEqual(["ada", "grace"]);
    clock.pass(29);
    revoke("ada");
    expect(await ada.finds(sessions), "within the time that the app chose").toEqual({
      user: "ada",
    });
    clock.pass(1);
    expect(await ada.finds(sessions)).toEqual({});
    expect(before.mock.calls.flat()).toEqual(["ada", "grace", "ada"]);
  });

  it("has the last word over regenerate(), whatever is cached", async () => {
    const sessions = await withRevocation({}, 30);
    const [thief, ada] = [new Visitor(), new Visitor()];
    await thief.visits(sessions, logsIn("ada"));
    await ada.visits(sessions, logsIn("ada"));
    await Promise.all([thief.finds(sessions), ada.finds(sessions)]);
    clock.pass(5);
    await ada.visits(sessions, (session) => {
      revoke("ada");
      session.regenerate();
    });
    clock.pass(5);
    expect(await thief.visits(sessions, (session) => session.regenerate())).toEqual([]);
    clock.pass(30);
    expect(await thief.finds(sessions)).toEqual({});
    expect(await ada.finds(sessions)).toEqual({ user: "ada" });
  });

  it("keeps the answers about 10,000 users at most", async () => {
    const sessions = await withRevocation({}, 3600);
    const first = new Visitor();
    await first.visits(sessions, logsIn("user 0"));
    await first.finds(sessions);
    for (let user = 1; user <= 10_000; user++) {
      await sessions.read(await sessions.encode({ user: `user ${user}` }, false));
    }
    before.mockClear();
    await first.finds(sessions);
    expect(before.mock.calls).toEqual([["user 0"]]);
  });

  it("may know nothing of a user", async () => {
    const sessions = await withRevocation();
    const visitor = new Visitor();
    await visitor.visits(sessions, logsIn("ada"));
    for (const nothing of [undefined, null]) {
      before.mockResolvedValueOnce(nothing);
      expect(await visitor.finds(sessions)).toEqual({ user: "ada" });
    }
  });

  it.each<[string, () => unknown]>([
    [
      "throws",
      () => {
        throw new Error("the database is down");
      },
    ],
    ["rejects", () => Promise.reject(new Error("the database is down"))],
  ])("that %s is an error and not a logout, and is asked again", async (_, fails) => {
    const sessions = await withRevocation({}, 30);
    const visitor = new Visitor();
    await visitor.visits(sessions, logsIn("ada"));
    before.mockImplementationOnce(fails as Before);
    const error = await thrownBy(() => visitor.finds(sessions), SessionStoreError);
    expect(error.code).toBe("ERR_SESSION_REVOCATION");
    expect(error.message).toContain("`revocation.before`");
    expect(error.cause).toEqual(new Error("the database is down"));
    expect(onReject).not.toHaveBeenCalled();
    expect(await visitor.finds(sessions)).toEqual({ user: "ada" });
  });

  it.each([["2030-01-01"], [1_700_000_000], [true], [new Date("never")]])(
    "that returns %o is refused: it must be a Date",
    async (answer) => {
      const sessions = await withRevocation();
      const visitor = new Visitor();
      await visitor.visits(sessions, logsIn("ada"));
      before.mockReturnValueOnce(answer as never);
      const error = await thrownBy(() => visitor.finds(sessions), SessionOptionError);
      expect(error.message).toContain("`revocation.before`");
      expect(error.message).toContain("Allowed: a Date");
    },
  );
});

describe("without the option", () => {
  it("a cookie has no beginning, with userOf and without", async () => {
    const encode = async (options: SessionOptions) =>
      (await sessionsWith({ clock, ...options })).encode({ user: "ada" }, false);
    expect(await encode({ userOf: (data) => data.user as string })).toBe(await encode({}));
  });

  it("regenerate() changes no cookie", async () => {
    const sessions = await sessionsWith({ clock });
    const visitor = new Visitor();
    await visitor.visits(sessions, logsIn("ada"));
    clock.pass(60);
    expect(await visitor.visits(sessions, (session) => session.regenerate())).toEqual([]);
  });
});

describe("the option is refused", () => {
  const userOf = () => "ada";
  it.each<[object, string]>([
    [
      { revocation: { before } },
      "`userOf` cannot be undefined. Allowed: a function, since `revocation` must",
    ],
    [{ userOf, revocation: {} }, "`revocation.before` cannot be undefined. Allowed: a function"],
    [{ userOf, revocation: { before: "x" } }, "`revocation.before` cannot be"],
    [{ userOf, revocation: { before, cacheFor: -1 } }, "`revocation.cacheFor` cannot be -1"],
    [{ userOf, revocation: { before, ttl: 1 } }, "There is no session option `revocation.ttl`"],
    [{ userOf, revocation: before }, "`revocation` cannot be a function"],
  ])("%o", async (options, message) => {
    const given = { secret: SECRET, ...options } as SessionOptions;
    const error = await thrownBy(
      () => SessionManager.load(checkOptions(given)),
      SessionOptionError,
    );
    expect(error.message).toContain(message);
  });
});
