import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { afterEach, describe, expect, it } from "vitest";
import { publish } from "#events";
import type { SessionOptions } from "../../src/options/options.ts";
import { NOW, stoppedClock } from "../support/fixed.ts";
import { MemoryStore } from "../support/memory-store.ts";
import { type LooseSession, sessionsWith, Visitor } from "../support/visitor.ts";

const EVENTS = ["created", "refreshed", "renewed", "ended", "refused"];

/** On the edge nothing is published. */
const onNode = <Item>(expected: Item[]): Item[] => (publish.length > 0 ? expected : []);

type Heard = [event: string, message: object];

let stop = () => {};
afterEach(() => stop());

function listen(): Heard[] {
  const heard: Heard[] = [];
  const listeners = EVENTS.map((event) => {
    const name = `next-signed-session:${event}`;
    const listener = (message: unknown) => heard.push([event, message as object]);
    subscribe(name, listener);
    return () => unsubscribe(name, listener);
  });
  stop = () => {
    for (const end of listeners) end();
  };
  return heard;
}

const clock = stoppedClock();
const SECRET_DATA = "a value that no event may have";

async function eventsOf(
  options: SessionOptions,
  ...acts: ((session: LooseSession) => unknown)[]
): Promise<Heard[]> {
  clock.to(NOW);
  const sessions = await sessionsWith({ clock, ...options });
  const visitor = new Visitor();
  const heard = listen();
  for (const act of acts) await visitor.visits(sessions, act);
  stop();
  expect(JSON.stringify(heard)).not.toContain(SECRET_DATA);
  return heard;
}

const set = (session: LooseSession) => Object.assign(session, { user: SECRET_DATA });
const change = (session: LooseSession) => Object.assign(session, { other: SECRET_DATA });
const clear = (session: LooseSession) => session.clear();
const names = (heard: Heard[]) => heard.map(([event]) => event);

describe("what is published", () => {
  const stored = () => ({ store: new MemoryStore() });

  it.each<[string, () => SessionOptions]>([
    ["a cookie", () => ({})],
    ["a store", stored],
  ])(
    "is each session's beginning and end, in %s, and no change of its data",
    async (_, options) => {
      expect(names(await eventsOf(options(), set, change, change, clear))).toEqual(
        onNode(["created", "ended"]),
      );
      expect(names(await eventsOf(options(), set, (session) => delete session.user))).toEqual(
        onNode(["created", "ended"]),
      );
      const login = (session: LooseSession) => {
        session.clear();
        set(session);
      };
      expect(names(await eventsOf(options(), set, login))).toEqual(
        onNode(["created", "ended", "created"]),
      );
    },
  );

  it("is no session that was only read, nor the deletion of a cookie that was none", async () => {
    expect(await eventsOf({}, () => {}, clear)).toEqual([]);
  });

  it("is a refresh, once", async () => {
    const late = () => clock.to(NOW + 2 * 86_400);
    expect(names(await eventsOf({}, set, late, () => {}))).toEqual(
      onNode(["created", "refreshed"]),
    );
  });

  it("is a new id, and with it the session's key in the store", async () => {
    const heard = await eventsOf(stored(), set, (session) => session.regenerate());
    expect(names(heard)).toEqual(onNode(["created", "renewed"]));
    const ids = heard.map(([, message]) => (message as { sessionId: string }).sessionId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^session:/);
  });

  it("is a refused cookie with its reason, and the cookie's name", async () => {
    const sessions = await sessionsWith({ name: "shop" });
    const visitor = new Visitor();
    visitor.cookies.set("shop", "a.b.c");
    const heard = listen();
    await visitor.finds(sessions);
    expect(heard).toEqual(
      onNode([["refused", { cookie: "shop", sessionId: undefined, reason: "bad-signature" }]]),
    );
  });

  it("is nothing that was not sent", async () => {
    const sessions = await sessionsWith({ clock });
    const visitor = new Visitor();
    const heard = listen();
    const kind = { readOnly: true };
    await expect(visitor.visits(sessions, set, kind)).rejects.toThrow();
    expect(heard).toEqual([]);
  });
});
