import { beforeEach, describe, expect, it } from "vitest";
import { BoundSessions } from "../support/bound-sessions.ts";
import type { LooseSession } from "../support/visitor.ts";

let bound: BoundSessions;

beforeEach(() => {
  bound = new BoundSessions();
});

describe("modified", () => {
  const text = '{"visits":3,"cart":{"apples":"20"},"list":[1,[2]]}';

  it("is false for a session that was only read, new or not", () => {
    expect(bound.open().modified).toBe(false);
    const session = bound.open(text);
    expect([session.visits, session.cart, session.modified]).toEqual([3, { apples: "20" }, false]);
  });

  it.each<[string, (session: LooseSession) => void]>([
    ["a key is set", (session) => Object.assign(session, { visits: 4 })],
    ["a key is added", (session) => Object.assign(session, { name: "Ann" })],
    ["a key is deleted", (session) => delete session.visits],
    ["something nested is set", (session) => ((session.cart as LooseSession).apples = "100")],
    ["something nested is deleted", (session) => delete (session.cart as LooseSession).apples],
    ["an array deep inside is pushed to", (session) => (session.list as number[][])[1]?.push(3)],
    ["it is made permanent", (session) => (session.permanent = true)],
    ["it is cleared", (session) => session.clear()],
  ])("is true when %s, and false when all is put back", (_, change) => {
    const session = bound.open(text);
    change(session);
    expect(session.modified).toBe(true);
    session.permanent = false;
    session.clear();
    Object.assign(session, JSON.parse(text));
    expect(session.modified).toBe(false);
  });

  it("is false when a key is set to undefined that was not there", () => {
    const session = bound.open("{}");
    session.ghost = undefined;
    expect(session.modified).toBe(false);
  });

  it("can be set by hand to either, until the next save", async () => {
    const session = bound.open(text);
    session.modified = true;
    expect(session.modified).toBe(true);
    await session.save();
    expect(session.modified).toBe(false);
    await session.save();
    expect(bound.savedTexts).toEqual([
      [text, true],
      [text, false],
    ]);
  });

  it("set to false by hand waives the changes so far, and is overruled by true", async () => {
    const session = bound.open("{}");
    session.visits = 1;
    session.modified = false;
    expect(session.modified).toBe(false);
    await session.save();
    expect(bound.savedTexts).toEqual([]);
    session.modified = true;
    await session.save();
    expect(bound.savedTexts).toEqual([['{"visits":1}', true]]);
  });

  it("set to false by hand does not waive a later change, and that saves all there is", async () => {
    const session = bound.open("{}");
    session.cart = { figs: 1 };
    session.modified = false;
    (session.cart as Record<string, number>).figs = 2;
    expect(session.modified).toBe(true);
    await session.save();
    expect(bound.savedTexts).toEqual([['{"cart":{"figs":2}}', true]]);
    expect(session.modified).toBe(false);
  });

  it("set to false by hand does not count a later change that is undone", async () => {
    const session = bound.open("{}");
    session.visits = 1;
    session.modified = false;
    session.visits = 2;
    session.visits = 1;
    await session.save();
    delete session.visits;
    await session.save();
    expect(bound.savedTexts).toEqual([["{}", false]]);
  });

  it.each<["clear" | "regenerate"]>([["clear"], ["regenerate"]])(
    "set to false by hand waives no %s(), earlier or later",
    async (renewal) => {
      bound.canRenew = true;
      const earlier = bound.open('{"a":1}');
      earlier[renewal]();
      earlier.modified = false;
      const later = bound.open('{"a":1}');
      later.modified = false;
      later[renewal]();
      for (const session of [earlier, later]) {
        expect(session.modified).toBe(true);
        await session.save();
      }
      expect(bound.saved).toMatchObject([
        { renewal, modified: true },
        { renewal, modified: true },
      ]);
    },
  );
});
