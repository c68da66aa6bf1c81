import { inspect } from "node:util";
import { beforeEach, describe, expect, it } from "vitest";
import { BoundSessions } from "../support/bound-sessions.ts";

let bound: BoundSessions;

beforeEach(() => {
  bound = new BoundSessions();
});

describe("a session that is printed", () => {
  it("shows its data under its own name", () => {
    expect(inspect(bound.open('{"visits":3,"cart":{"apples":"20"}}'))).toBe(
      "Session { visits: 3, cart: { apples: '20' } }",
    );
  });

  it("shows the controls that are not at their default", () => {
    const session = bound.open('{"visits":4}');
    session.permanent = true;
    session.flash("notice", "Saved");
    expect(inspect(session)).toBe(
      "Session { visits: 4 } with {\n  permanent: true,\n  modified: true,\n  flashes: [ { category: 'notice', message: 'Saved' } ]\n}",
    );
    expect(inspect(bound.open())).toBe("Session {} with { isNew: true }");
  });

  it("is printed as deep as any object, also where it holds what cannot be kept", () => {
    const session = bound.open('{"a":{"b":{"c":{}}}}');
    expect(inspect({ deep: { deeper: { session } } })).toContain("[Session]");
    expect(inspect(session, { depth: null })).toBe("Session { a: { b: { c: {} } } }");
    session.a = Promise.resolve();
    expect(inspect(session)).toContain("modified: true");
  });
});
