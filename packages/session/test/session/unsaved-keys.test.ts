import { beforeEach, describe, expect, it } from "vitest";
import { SessionObject } from "../../src/session/session-object.ts";
import { unsavedKeys } from "../../src/session/unsaved-keys.ts";
import { BoundSessions } from "../support/bound-sessions.ts";
import type { LooseSession } from "../support/visitor.ts";

let bound: BoundSessions;

beforeEach(() => {
  bound = new BoundSessions();
});

describe("what would be lost", () => {
  const unsaved = (session: LooseSession) => unsavedKeys(SessionObject.unsaved(session));

  it("is nothing while nothing was changed, and after a save", async () => {
    const session = bound.open('{"a":1}');
    expect(unsaved(session)).toEqual([]);
    session.a = 2;
    await session.save();
    expect(unsaved(session)).toEqual([]);
  });

  it("is not reported again after a save that threw, until one succeeds", async () => {
    const session = bound.open('{"a":1}');
    session.a = Number.NaN;
    await expect(session.save()).rejects.toThrow("session.a is NaN");
    expect(unsaved(session)).toEqual([]);
    session.a = 2;
    await session.save();
    session.a = 3;
    expect(unsaved(session)).toEqual(["a"]);
  });

  it("is each key that was set, deleted or changed inside", () => {
    const session = bound.open('{"a":1,"b":{"c":1},"d":2,"e":3}');
    session.a = 2;
    (session.b as LooseSession).c = 2;
    delete session.d;
    session.f = 4;
    expect(unsaved(session)).toEqual(["a", "b", "d", "f"]);
  });

  it("is permanent too, when that was changed", () => {
    const session = bound.open('{"a":1}');
    session.permanent = true;
    expect(unsaved(session)).toEqual(["permanent"]);
  });

  it("is each key of a session that was cleared", () => {
    const session = bound.open('{" p":{"a":1,"b":2}}');
    session.clear();
    expect(unsaved(session)).toEqual(["a", "b", "permanent"]);
  });

  it.each<["clear" | "regenerate"]>([["clear"], ["regenerate"]])("is a %s() too", (renewal) => {
    bound.canRenew = true;
    const session = bound.open("{}");
    session[renewal]();
    expect(unsaved(session)).toEqual([`${renewal}()`]);
  });

  it("may have the name of what objects have by nature", () => {
    const session = bound.open('{"valueOf":1}');
    Object.assign(session, { toString: "text" });
    Reflect.deleteProperty(session, "valueOf");
    expect(unsaved(session)).toEqual(["valueOf", "toString"]);
  });

  it("is nothing where the change was waived by hand", () => {
    const session = bound.open("{}");
    session.a = 1;
    session.modified = false;
    expect(unsaved(session)).toEqual([]);
  });
});
