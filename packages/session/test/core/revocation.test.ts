import { beforeEach, describe, expect, it } from "vitest";
import { defineSession } from "../../src/core/define-session.ts";
import type { SessionOptions } from "../../src/options/options.ts";
import { DAY, NOW, SECRET } from "../support/fixed.ts";
import { MemoryStore } from "../support/memory-store.ts";
import { logsIn, RevokingApp } from "../support/revoking-app.ts";
import { type LooseSession, sessionsWith, Visitor } from "../support/visitor.ts";

let app: RevokingApp;

beforeEach(() => {
  app = new RevokingApp();
});

describe.each<[string, () => SessionOptions]>([
  ["a signed cookie", () => ({})],
  ["a sealed cookie", () => ({ format: "sealed" })],
  ["Flask's cookie", () => ({ format: "flask" })],
  ["Starlette's cookie", () => ({ format: "starlette" })],
  ["a store", () => ({ store: new MemoryStore() })],
])("a user's sessions are revoked, in %s", (_, options) => {
  it("wherever they are, and nobody else's", async () => {
    const sessions = await app.sessionsWith(options());
    const [laptop, phone, other] = [new Visitor(), new Visitor(), new Visitor()];
    for (const [visitor, user] of [
      [laptop, "ada"],
      [phone, "ada"],
      [other, "grace"],
    ] as const) {
      await visitor.visits(sessions, logsIn(user));
    }
    app.clock.pass(60);
    app.revoke("ada");
    expect(await laptop.finds(sessions)).toEqual({});
    expect(await phone.finds(sessions)).toEqual({});
    expect(app.onReject.mock.calls).toEqual([["revoked"], ["revoked"]]);
    expect(await other.finds(sessions)).toEqual({ user: "grace" });
  });

  it("and no refresh or rewrite meanwhile saved one", async () => {
    const sessions = await app.sessionsWith({ ...options(), refreshAfter: 0 });
    const visitor = new Visitor();
    await visitor.visits(sessions, logsIn("ada"));
    const revokedAt = NOW + 60;
    for (let day = 0; day < 3; day++) {
      app.clock.pass(DAY);
      await visitor.visits(sessions);
      await visitor.visits(sessions, (session) => Object.assign(session, { day }));
    }
    expect(await visitor.finds(sessions)).toMatchObject({ user: "ada" });
    app.revokedBefore.set("ada", new Date(revokedAt * 1000));
    expect(await visitor.finds(sessions)).toEqual({});
  });

  it.each<[string, (session: LooseSession) => void]>([
    ["clear() and the data again", logsIn("ada")],
    ["regenerate()", (session) => session.regenerate()],
  ])("but for the one that changed the password, after %s", async (_, renews) => {
    const sessions = await app.sessionsWith(options());
    const [here, there] = [new Visitor(), new Visitor()];
    await here.visits(sessions, logsIn("ada"));
    await there.visits(sessions, logsIn("ada"));
    app.clock.pass(60);
    await here.visits(sessions, (session) => {
      app.revoke("ada");
      renews(session);
    });
    app.clock.pass(60);
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
      const sessions = await app.sessionsWith(options());
      const visitor = new Visitor();
      await visitor.visits(sessions, (session) => Object.assign(session, { cart: 1 }));
      app.clock.pass(60);
      app.revoke("ada");
      app.clock.pass(60);
      await visitor.visits(sessions, login);
      app.clock.pass(60);
      expect(await visitor.finds(sessions)).toMatchObject({ user: "ada" });
      await visitor.visits(sessions, (session) => Object.assign(session, { theme: "dark" }));
      app.revokedBefore.set("ada", new Date(app.clock()));
      expect(await visitor.finds(sessions), "and is revoked in its turn").toEqual({});
    },
  );
});

describe("a revoked session", () => {
  it("is left in the browser until something is written, and then replaced", async () => {
    const sessions = await app.sessionsWith();
    const visitor = new Visitor();
    await visitor.visits(sessions, logsIn("ada"));
    const cookie = visitor.cookies.get("session");
    app.clock.pass(60);
    app.revoke("ada");
    expect(await visitor.visits(sessions)).toEqual([]);
    expect(visitor.cookies.get("session")).toBe(cookie);
    await visitor.visits(sessions, logsIn("grace"));
    expect(await visitor.finds(sessions)).toEqual({ user: "grace" });
  });

  it("is one that began before, to the second, and not in that second", async () => {
    const sessions = await app.sessionsWith();
    const visitor = new Visitor();
    await visitor.visits(sessions, logsIn("ada"));
    app.revokedBefore.set("ada", new Date(NOW * 1000 + 999));
    expect(await visitor.finds(sessions)).toEqual({ user: "ada" });
    app.revokedBefore.set("ada", new Date(NOW * 1000 + 1000));
    expect(await visitor.finds(sessions)).toEqual({});
  });

  it("is refused by decode() too, with its reason", async () => {
    const options = {
      secret: SECRET,
      clock: app.clock,
      userOf: (data: { user?: string }) => data.user,
    };
    const { encode, decode } = defineSession<{ user: string }>({
      ...options,
      revocation: { before: app.before },
    });
    const value = await encode({ user: "ada" });
    app.clock.pass(1);
    app.revoke("ada");
    expect(await decode(value)).toEqual({ ok: false, reason: "revoked" });
  });

  it("is, from before this option, one that was last signed before", async () => {
    const visitor = new Visitor();
    await visitor.visits(await sessionsWith({ clock: app.clock }), logsIn("ada"));
    app.clock.pass(60);
    const sessions = await app.sessionsWith();
    expect(await visitor.finds(sessions)).toEqual({ user: "ada" });
    app.revoke("ada");
    expect(await visitor.finds(sessions)).toEqual({});
  });

  it("keeps its beginning when it moves into a store", async () => {
    const visitor = new Visitor();
    await visitor.visits(await app.sessionsWith(), logsIn("ada"));
    app.clock.pass(DAY);
    const stored = await app.sessionsWith({ store: new MemoryStore(), accept: ["signed"] });
    await visitor.visits(stored, (session) => Object.assign(session, { moved: true }));
    expect(await visitor.finds(stored)).toMatchObject({ user: "ada" });
    app.revokedBefore.set("ada", new Date((NOW + 60) * 1000));
    expect(await visitor.finds(stored)).toEqual({});
  });
});

describe("without the option", () => {
  it("a cookie has no beginning, with userOf and without", async () => {
    const encode = async (options: SessionOptions) =>
      (await sessionsWith({ clock: app.clock, ...options })).encode({ user: "ada" }, false);
    expect(await encode({ userOf: (data) => data.user as string })).toBe(await encode({}));
  });

  it("regenerate() changes no cookie", async () => {
    const sessions = await sessionsWith({ clock: app.clock });
    const visitor = new Visitor();
    await visitor.visits(sessions, logsIn("ada"));
    app.clock.pass(60);
    expect(await visitor.visits(sessions, (session) => session.regenerate())).toEqual([]);
  });
});
