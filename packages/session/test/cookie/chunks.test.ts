import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { findCookies } from "../../src/cookie/chunks.ts";
import type { SetCookie } from "../../src/cookie/cookie.ts";
import { MAX_CHUNKED_BYTES, splitCookie } from "../../src/cookie/split.ts";
import { SessionTooLargeError } from "../../src/errors/errors.ts";
import { cookieOf } from "../support/cookies.ts";
import { DAY, stoppedClock } from "../support/fixed.ts";
import { thrownBy } from "../support/thrown.ts";
import { type LooseSession, sessionsWith, Visitor } from "../support/visitor.ts";

const headerOf = (cookies: readonly SetCookie[]) =>
  cookies.map(({ name, value }) => `${name}=${value}`).join("; ");

describe("the cookies of a session", () => {
  it("are put together again, in whatever order they come, whatever is between them", () => {
    fc.assert(
      fc.property(fc.integer({ min: 4080, max: MAX_CHUNKED_BYTES - 2 }), (length) => {
        const cookie = cookieOf(length);
        const chunks = splitCookie(cookie) ?? [];
        const header = `a=1; ${headerOf(chunks.toReversed())}; session2=x`;
        const { values, names } = findCookies(header, "session");
        expect(values).toEqual([cookie.value]);
        expect(names).toEqual(chunks.map(({ name }) => name));
      }),
      { numRuns: 100 },
    );
  });

  it("are one alone, where there is one", () => {
    expect(findCookies("session=abc", "session")).toEqual({ values: ["abc"], names: ["session"] });
    expect(findCookies("", "session")).toEqual({ values: [], names: [] });
    expect(findCookies("session=; session.0=", "session")).toEqual({ values: [], names: [] });
  });

  it("are both, where there is one alone and one in chunks: either may be the newer", () => {
    expect(findCookies("session.1=b; session=whole; session.0=2~a", "session")).toEqual({
      values: ["whole", "ab"],
      names: ["session", "session.0", "session.1"],
    });
  });

  it("leave out a chunk beyond their number, and name it, since it is stale", () => {
    expect(findCookies("session.0=2~a; session.1=b; session.2=old", "session")).toEqual({
      values: ["ab"],
      names: ["session.0", "session.1", "session.2"],
    });
  });

  it("are a value without the first as well, which is then refused", () => {
    expect(findCookies("session.1=b; session.2=c", "session")).toEqual({
      values: ["bc"],
      names: ["session.1", "session.2"],
    });
  });

  it("are never those of a fifth number, nor of another name", () => {
    expect(findCookies("session.4=x; xsession.0=1~x; session.00=1~x", "session").names).toEqual([]);
  });
});

describe("a session in chunks", () => {
  let visitor: Visitor;
  beforeEach(() => {
    visitor = new Visitor();
  });

  /** Data that deflate can hardly shorten, of about so many bytes as a cookie. */
  const fill = (bytes: number) => (session: LooseSession) => {
    let state = bytes;
    session.noise = Array.from({ length: Math.floor(bytes / 12) }, () => {
      state = (state * 48_271) % 2_147_483_647;
      return state;
    });
  };
  const filled = (bytes: number) => {
    const session = {} as LooseSession;
    fill(bytes)(session);
    return { ...session };
  };
  const names = (cookies: readonly SetCookie[]) =>
    cookies.map(({ name, maxAge }) => (maxAge === 0 ? `-${name}` : name));

  it("is one cookie while it fits, and grows and shrinks with its data", async () => {
    const sessions = await sessionsWith({ chunk: true });
    const sizes: [number, string[]][] = [
      [1000, ["session"]],
      [12_000, ["-session", "session.0", "session.1"]],
      [18_000, ["session.0", "session.1", "session.2"]],
      [12_000, ["-session.2", "session.0", "session.1"]],
      [1000, ["-session.0", "-session.1", "session"]],
    ];
    for (const [bytes, sent] of sizes) {
      expect(names(await visitor.visits(sessions, fill(bytes)))).toEqual(sent);
      expect(await visitor.finds(sessions)).toEqual(filled(bytes));
      expect(await visitor.visits(sessions)).toEqual([]);
    }
  });

  it("is deleted whole when emptied", async () => {
    const sessions = await sessionsWith({ chunk: true });
    await visitor.visits(sessions, fill(12_000));
    const sent = await visitor.visits(sessions, (session) => session.clear());
    expect(names(sent)).toEqual(["-session.0", "-session.1"]);
    expect(visitor.cookies.size).toBe(0);
  });

  it("is still read, and written as one, when chunks are turned off", async () => {
    await visitor.visits(await sessionsWith({ chunk: true }), fill(12_000));
    const without = await sessionsWith();
    expect(await visitor.finds(without)).toEqual(filled(12_000));
    expect(names(await visitor.visits(without, fill(1000)))).toEqual([
      "-session.0",
      "-session.1",
      "session",
    ]);
  });

  it("is still believed, and left as it is, when it is due for a refresh that no longer fits", async () => {
    const clock = stoppedClock();
    await visitor.visits(await sessionsWith({ chunk: true, clock }), (session) => {
      fill(12_000)(session);
      session.permanent = true;
    });
    clock.pass(2 * DAY);
    const without = await sessionsWith({ clock });
    expect(await visitor.visits(without)).toEqual([]);
    expect(await visitor.finds(without)).toEqual(filled(12_000));
    await thrownBy(
      () => visitor.visits(without, (session) => Object.assign(session, { more: 1 })),
      SessionTooLargeError,
    );
  });

  it("is left alone when chunks are turned on, and split when it grows", async () => {
    await visitor.visits(await sessionsWith(), fill(1000));
    const sessions = await sessionsWith({ chunk: true });
    expect(await visitor.finds(sessions)).toEqual(filled(1000));
    expect(await visitor.visits(sessions)).toEqual([]);
    expect(names(await visitor.visits(sessions, fill(12_000)))).toEqual([
      "-session",
      "session.0",
      "session.1",
    ]);
  });

  it.each<[string, (cookies: Map<string, string>) => void]>([
    ["is missing", (cookies) => cookies.delete("session.1")],
    ["is missing at the front", (cookies) => cookies.delete("session.0")],
    ["is empty", (cookies) => cookies.set("session.1", "")],
    [
      "is swapped with another",
      (cookies) => {
        const [first, second] = [cookies.get("session.1"), cookies.get("session.2")];
        cookies.set("session.1", second as string).set("session.2", first as string);
      },
    ],
    ["is foreign", (cookies) => cookies.set("session.1", "foreign")],
    [
      "names another number",
      (cookies) => {
        cookies.set("session.0", (cookies.get("session.0") as string).replace("3~", "2~"));
      },
    ],
    [
      "names no number",
      (cookies) => {
        cookies.set("session.0", (cookies.get("session.0") as string).replace("3~", ""));
      },
    ],
  ])("is refused and not a crash when a chunk %s, and then replaced", async (_, harm) => {
    const reasons: string[] = [];
    const sessions = await sessionsWith({
      chunk: true,
      onReject: (reason) => void reasons.push(reason),
    });
    await visitor.visits(sessions, fill(18_000));
    expect([...visitor.cookies.keys()]).toEqual(["session.0", "session.1", "session.2"]);
    harm(visitor.cookies);
    expect(await visitor.finds(sessions)).toEqual({});
    expect(reasons).toHaveLength(1);
    expect(["bad-signature", "malformed"]).toContain(reasons[0]);
    await visitor.visits(sessions, fill(1000));
    const held = [...visitor.cookies].filter(([, value]) => value !== "");
    expect(held.map(([name]) => name)).toEqual(["session"]);
    expect(await visitor.finds(sessions)).toEqual(filled(1000));
  });

  it("does not mix with chunks of older data", async () => {
    const sessions = await sessionsWith({ chunk: true });
    await visitor.visits(sessions, fill(12_000));
    const stale = visitor.cookies.get("session.1") as string;
    await visitor.visits(sessions, fill(12_012));
    visitor.cookies.set("session.1", stale);
    expect(await visitor.finds(sessions)).toEqual({});
  });

  it("that is too large even so is an error that says so", async () => {
    const sessions = await sessionsWith({ chunk: true });
    const error = await thrownBy(
      () => visitor.visits(sessions, fill(60_000)),
      SessionTooLargeError,
    );
    expect(error.message).toMatch(
      /^The session takes \d{5} bytes as a cookie and does not fit even in chunks, which may have 12288 together\. Its largest keys, as JSON: noise \(\d+ bytes\)\. Keep large data on the server and its id in the session\.$/,
    );
    expect(visitor.cookies.size).toBe(0);
  });

  it("cannot be made as one value without a request", async () => {
    const sessions = await sessionsWith({ chunk: true });
    const error = await thrownBy(
      () => sessions.encode(filled(18_000), false),
      SessionTooLargeError,
    );
    expect(error.message).toMatch(
      /^The session takes \d{4,5} bytes as a cookie and does not fit in one: a browser drops a cookie of more than 4096, name and attributes included\. Its largest keys, as JSON: noise \(\d+ bytes\)\. Keep large data on the server and its id in the session\.$/,
    );
    expect(Number(/\d+/.exec(error.message)?.[0])).toBeGreaterThan(4096);
  });

  it("is no way out beside Flask's format, whose error does not name it", async () => {
    const sessions = await sessionsWith({ format: "flask" });
    const error = await thrownBy(
      () => visitor.visits(sessions, fill(18_000)),
      SessionTooLargeError,
    );
    expect(error.message).toMatch(/its id in the session\.$/);
  });
});
