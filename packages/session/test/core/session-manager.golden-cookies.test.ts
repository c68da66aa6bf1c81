import { describe, expect, it, vi } from "vitest";
import type { SessionOptions } from "../../src/options/options.ts";
import golden from "../golden/signed/golden.json" with { type: "json" };
import { DAY, OLDER_SECRET, SECRET } from "../support/fixed.ts";
import { type LooseSession, sessionsWith, Visitor } from "../support/visitor.ts";

/*
 * The rules of time, tested on cookies that itsdangerous signed at the very second before and after
 * each boundary. The present is always the same.
 */

const { lifetimes } = golden;
type Title = keyof typeof lifetimes;

const week = { absoluteTimeout: { days: 7 } };

/** What happens to a cookie at a server: what is read, reported and sent. */
async function judged(value: string, options: SessionOptions = {}) {
  const onReject = vi.fn();
  const sessions = await sessionsWith({ onReject, ...options });
  const visitor = new Visitor();
  visitor.cookies.set("session", value);
  const data = await visitor.finds(sessions);
  const reasons = onReject.mock.calls.flat();
  return { data, reasons, sent: await visitor.visits(sessions) };
}

describe("a golden cookie is believed", () => {
  it.each<[Title, SessionOptions]>([
    ["of this very second", {}],
    ["of this very second", { idleTimeout: 1 }],
    ["31 days old", {}],
    ["the browser's, 31 days old", {}],
    ["31 days and a second old", { idleTimeout: { days: 31, seconds: 1 } }],
    ["a day old", { idleTimeout: DAY }],
    ["a minute in the future", {}],
    ["of a session that began 7 days ago", week],
    ["of a session that began 7 days and a second ago", {}],
    ["a day old", { absoluteTimeout: DAY }],
  ])("when it is %s, under %j", async (title, options) => {
    const { data, reasons } = await judged(lifetimes[title].token, options);
    expect(data).toEqual({ visits: title.startsWith("the browser's") ? 3 : 1 });
    expect(reasons).toEqual([]);
  });
});

describe("a golden cookie is refused, and left alone until something is written", () => {
  it.each<[Title, SessionOptions, string]>([
    ["31 days and a second old", {}, "expired"],
    ["the browser's, 31 days and a second old", {}, "expired"],
    ["31 days old", { idleTimeout: { days: 31, seconds: -1 } }, "expired"],
    ["a day old", { idleTimeout: DAY - 1 }, "expired"],
    ["a minute and a second in the future", {}, "not-yet-valid"],
    ["of a session that began 7 days and a second ago", week, "too-old"],
    ["a day old", { absoluteTimeout: DAY - 1 }, "too-old"],
  ])("when it is %s, under %j: %s", async (title, options, reason) => {
    const { data, reasons, sent } = await judged(lifetimes[title].token, options);
    expect(data).toEqual({});
    expect(reasons).toEqual([reason]);
    expect(sent).toEqual([]);
  });
});

describe("a golden cookie is refreshed", () => {
  it.each<[Title]>([
    ["of this very second"],
    ["a day less a second old"],
    ["a minute in the future"],
  ])("not when it is %s", async (title) => {
    expect((await judged(lifetimes[title].token)).sent).toEqual([]);
  });

  it.each<[Title, SessionOptions]>([
    ["a day old", {}],
    ["a day less a second old", { refreshAfter: DAY - 1 }],
    ["31 days old", {}],
    ["of this very second", { refreshAfter: 0 }],
  ])("when it is %s, under %j: as the golden cookie of now", async (title, options) => {
    const { sent } = await judged(lifetimes[title].token, options);
    const { token } = lifetimes["of this very second"];
    expect(sent).toMatchObject([{ value: token, maxAge: 31 * DAY }]);
  });

  it("with its beginning in it, and for no longer than its absolute lifetime has left", async () => {
    const options = { absoluteTimeout: { days: 7, hours: 1 } };
    const { token } = lifetimes["of a session that began 7 days ago"];
    const refreshed = lifetimes["of a session that began 7 days ago, refreshed"].token;
    expect((await judged(token, options)).sent).toMatchObject([{ value: refreshed, maxAge: 3600 }]);
  });

  it("later in a request whose cookie makes the browser drop prefetched pages", async () => {
    const sentFor = async (title: Title, idleTimeout: number) => {
      const sessions = await sessionsWith({ idleTimeout, refreshAfter: DAY });
      const visitor = new Visitor();
      visitor.cookies.set("session", lifetimes[title].token);
      return visitor.visits(sessions, () => {}, { dropsPrefetchedPages: true });
    };
    expect(await sentFor("a day old", 31 * DAY), "another request can do it").toEqual([]);
    expect(await sentFor("31 days old", 31 * DAY), "before it ends").toHaveLength(1);
  });

  it("with a change at once, also in such a request", async () => {
    const sessions = await sessionsWith();
    const visitor = new Visitor();
    visitor.cookies.set("session", lifetimes["of this very second"].token);
    const count = (session: LooseSession) => {
      session.visits = 2;
    };
    const kind = { dropsPrefetchedPages: true };
    expect(await visitor.visits(sessions, count, kind)).toHaveLength(1);
  });

  it("when it is the browser's as well, and still ends with the browser", async () => {
    const { sent } = await judged(lifetimes["the browser's, 31 days old"].token);
    expect(sent).toHaveLength(1);
    expect(sent[0]?.maxAge).toBeUndefined();
    expect(sent[0]?.expires).toBeUndefined();
    expect((await judged(sent[0]?.value as string)).data).toEqual({ visits: 3 });
  });
});

describe("a golden cookie under the older secret", () => {
  const token = golden["under the older secret"];

  it("is believed while that is listed, and signed under the newer when it is sent again", async () => {
    const rotated = { secret: [SECRET, OLDER_SECRET], refreshAfter: 0 };
    const { data, reasons, sent } = await judged(token, rotated);
    expect(data).toEqual({ visits: 1 });
    expect(reasons).toEqual([]);
    expect(sent).toMatchObject([{ value: lifetimes["of this very second"].token }]);
  });

  it("is refused when that is no longer listed", async () => {
    expect(await judged(token)).toMatchObject({ data: {}, reasons: ["bad-signature"] });
  });
});
