import { beforeEach, describe, expect, it } from "vitest";
import { SessionOptionError, SessionStoreError } from "../../src/errors/errors.ts";
import { DAY } from "../support/fixed.ts";
import { type Before, logsIn, RevokingApp } from "../support/revoking-app.ts";
import { thrownBy } from "../support/thrown.ts";
import { Visitor } from "../support/visitor.ts";

let app: RevokingApp;

beforeEach(() => {
  app = new RevokingApp();
});

describe("the function `revocation.before`", () => {
  it("is asked once per request, with what userOf returned, and not for a session of nobody", async () => {
    const sessions = await app.sessionsWith();
    const visitor = new Visitor();
    await visitor.visits(sessions, (session) => Object.assign(session, { cart: 1 }));
    await visitor.finds(sessions);
    expect(app.before).not.toHaveBeenCalled();
    await visitor.visits(sessions, logsIn("ada"));
    await visitor.finds(sessions);
    await visitor.finds(sessions);
    expect(app.before.mock.calls).toEqual([["ada"], ["ada"]]);
  });

  it("is not asked about a cookie that is refused anyway", async () => {
    const sessions = await app.sessionsWith();
    const visitor = new Visitor();
    await visitor.visits(sessions, logsIn("ada"));
    app.clock.pass(31 * DAY + 1);
    await visitor.finds(sessions);
    visitor.cookies.set("session", "forged.cookie.x");
    await visitor.finds(sessions);
    expect(app.before).not.toHaveBeenCalled();
  });

  it("is asked again after `cacheFor`, for each user, and once by parallel requests", async () => {
    const sessions = await app.sessionsWith({}, 30);
    const [ada, grace] = [new Visitor(), new Visitor()];
    await ada.visits(sessions, logsIn("ada"));
    await grace.visits(sessions, logsIn("grace"));
    await Promise.all([ada.finds(sessions), ada.finds(sessions), grace.finds(sessions)]);
    expect(app.before.mock.calls.flat()).toEqual(["ada", "grace"]);
    app.clock.pass(29);
    app.revoke("ada");
    expect(await ada.finds(sessions), "within the time that the app chose").toEqual({
      user: "ada",
    });
    app.clock.pass(1);
    expect(await ada.finds(sessions)).toEqual({});
    expect(app.before.mock.calls.flat()).toEqual(["ada", "grace", "ada"]);
  });

  it("has the last word over regenerate(), whatever is cached", async () => {
    const sessions = await app.sessionsWith({}, 30);
    const [thief, ada] = [new Visitor(), new Visitor()];
    await thief.visits(sessions, logsIn("ada"));
    await ada.visits(sessions, logsIn("ada"));
    await Promise.all([thief.finds(sessions), ada.finds(sessions)]);
    app.clock.pass(5);
    await ada.visits(sessions, (session) => {
      app.revoke("ada");
      session.regenerate();
    });
    app.clock.pass(5);
    expect(await thief.visits(sessions, (session) => session.regenerate())).toEqual([]);
    app.clock.pass(30);
    expect(await thief.finds(sessions)).toEqual({});
    expect(await ada.finds(sessions)).toEqual({ user: "ada" });
  });

  it("keeps the answers about 10,000 users at most", async () => {
    const sessions = await app.sessionsWith({}, 3600);
    const first = new Visitor();
    await first.visits(sessions, logsIn("user 0"));
    await first.finds(sessions);
    for (let user = 1; user <= 10_000; user++) {
      await sessions.read(await sessions.encode({ user: `user ${user}` }, false));
    }
    app.before.mockClear();
    await first.finds(sessions);
    expect(app.before.mock.calls).toEqual([["user 0"]]);
  });

  it("may know nothing of a user", async () => {
    const sessions = await app.sessionsWith();
    const visitor = new Visitor();
    await visitor.visits(sessions, logsIn("ada"));
    for (const nothing of [undefined, null]) {
      app.before.mockResolvedValueOnce(nothing);
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
    const sessions = await app.sessionsWith({}, 30);
    const visitor = new Visitor();
    await visitor.visits(sessions, logsIn("ada"));
    app.before.mockImplementationOnce(fails as Before);
    const error = await thrownBy(() => visitor.finds(sessions), SessionStoreError);
    expect(error.code).toBe("ERR_SESSION_REVOCATION");
    expect(error.message).toContain("`revocation.before`");
    expect(error.cause).toEqual(new Error("the database is down"));
    expect(app.onReject).not.toHaveBeenCalled();
    expect(await visitor.finds(sessions)).toEqual({ user: "ada" });
  });

  it.each([["2030-01-01"], [1_700_000_000], [true], [new Date("never")]])(
    "that returns %o is refused: it must be a Date",
    async (answer) => {
      const sessions = await app.sessionsWith();
      const visitor = new Visitor();
      await visitor.visits(sessions, logsIn("ada"));
      app.before.mockReturnValueOnce(answer as never);
      const error = await thrownBy(() => visitor.finds(sessions), SessionOptionError);
      expect(error.message).toContain("`revocation.before`");
      expect(error.message).toContain("Allowed: a Date");
    },
  );
});
