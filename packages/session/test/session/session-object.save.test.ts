import { beforeEach, describe, expect, it } from "vitest";
import { SessionSerializationError } from "../../src/errors/errors.ts";
import { BoundSessions } from "../support/bound-sessions.ts";
import { thrownBy } from "../support/thrown.ts";

let bound: BoundSessions;

beforeEach(() => {
  bound = new BoundSessions();
});

describe("save", () => {
  it("hands on what there is, and whether it was changed", async () => {
    const session = bound.open('{" c":[5,{"a":1}]}');
    await session.save();
    session.a = 2;
    session.permanent = true;
    await session.save();
    expect(bound.saved).toEqual([
      {
        payload: { data: { a: 1 }, permanent: false, createdAt: 5 },
        text: '{" c":[5,{"a":1}]}',
        modified: false,
      },
      {
        payload: { data: { a: 2 }, permanent: true, createdAt: 5 },
        text: '{" p":{" c":[5,{"a":2}]}}',
        modified: true,
      },
    ]);
  });

  it("finds no change in what it has just saved", async () => {
    const session = bound.open();
    session.a = 1;
    await session.save();
    expect(session.modified).toBe(false);
    await session.save();
    session.a = 2;
    await session.save();
    expect(bound.savedTexts).toEqual([
      ['{"a":1}', true],
      ['{"a":1}', false],
      ['{"a":2}', true],
    ]);
  });

  it("runs once at a time, in the order of the calls", async () => {
    const running: string[] = [];
    bound.save = async ({ text, modified }) => {
      running.push(`begin ${text} ${modified}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running.push(`end ${text}`);
    };
    const session = bound.open();
    session.a = 1;
    await Promise.all([session.save(), session.save()]);
    expect(running).toEqual([
      'begin {"a":1} true',
      'end {"a":1}',
      'begin {"a":1} false',
      'end {"a":1}',
    ]);
  });

  it("that fails leaves the change to be saved, and the next call saves it", async () => {
    const failure = new Error("the response is gone");
    const working = bound.save;
    bound.save = () => Promise.reject(failure);
    const session = bound.open();
    session.a = 1;
    await expect(session.save()).rejects.toBe(failure);
    expect(session.modified).toBe(true);
    bound.save = working;
    await session.save();
    expect(bound.savedTexts).toEqual([['{"a":1}', true]]);
  });

  it("gives each caller its own failure, and none to an earlier caller", async () => {
    const failure = new Error("once");
    const working = bound.save;
    bound.save = () => {
      bound.save = working;
      return Promise.reject(failure);
    };
    const session = bound.open();
    session.a = 1;
    const [first, second] = await Promise.allSettled([session.save(), session.save()]);
    expect(first).toEqual({ status: "rejected", reason: failure });
    expect(second).toEqual({ status: "fulfilled", value: undefined });
  });

  it("throws if something cannot be kept, and hands nothing on", async () => {
    const session = bound.open();
    session.user = { lastSeen: Promise.resolve() };
    const error = await thrownBy(() => session.save(), SessionSerializationError);
    expect(error.message).toContain("session.user.lastSeen is a Promise");
    expect(bound.saved).toEqual([]);
  });

  it("includes a change made while the save before it was under way", async () => {
    const session = bound.open();
    const working = bound.save;
    bound.save = async (snapshot) => {
      await working(snapshot);
      session.b = 2;
    };
    session.a = 1;
    await session.save();
    expect(session.modified).toBe(true);
    await session.save();
    expect(bound.savedTexts).toEqual([
      ['{"a":1}', true],
      ['{"a":1,"b":2}', true],
    ]);
  });
});

describe("the end of an await using scope", () => {
  it("saves, once all in it is done", async () => {
    {
      await using session = bound.open("{}");
      session.a = 1;
      expect(bound.saved).toEqual([]);
    }
    expect(bound.savedTexts).toEqual([['{"a":1}', true]]);
  });

  it("saves when an error is thrown through it, and lets the error pass", async () => {
    const failure = new Error("NEXT_REDIRECT");
    await expect(
      (async () => {
        await using session = bound.open("{}");
        session.a = 1;
        throw failure;
      })(),
    ).rejects.toBe(failure);
    expect(bound.savedTexts).toEqual([['{"a":1}', true]]);
  });

  it("saves one session at the end of each of two scopes", async () => {
    const session = bound.open("{}");
    {
      await using outer = session;
      {
        await using inner = session;
        inner.a = 1;
      }
      outer.b = 2;
    }
    expect(bound.savedTexts).toEqual([
      ['{"a":1}', true],
      ['{"a":1,"b":2}', true],
    ]);
  });
});
