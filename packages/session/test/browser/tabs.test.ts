import { afterEach, describe, expect, it, vi } from "vitest";
import { joinTabs, type Tab } from "../../src/browser/tabs.ts";
import { NOW } from "../support/fixed.ts";

type Answer = Parameters<Tab["post"]>[0] & Record<string, unknown>;

const at = (seconds: number) => new Date((NOW + seconds) * 1000);
const nobody: Answer = { expiresAt: undefined, readAt: at(0) };
const ada: Answer = { name: "Ada", expiresAt: at(60), readAt: at(0) };

let open: ServedTab[] = [];

/** A tab whose server answers each refresh. */
class ServedTab {
  refreshes = 0;
  extended: Date[] = [];
  readonly #tab: Tab;

  constructor(serve: () => Answer, channel = "session") {
    this.#tab = joinTabs(channel, {
      refresh: () => {
        this.refreshes++;
        this.post(serve());
      },
      extend: (expiresAt) => {
        this.extended.push(expiresAt);
      },
    });
    open.push(this);
  }

  post(session: Answer): void {
    this.#tab.post(session);
  }

  close(): void {
    this.#tab.leave();
  }
}

afterEach(() => {
  for (const tab of open) tab.close();
  open = [];
});

/** Until all messages have arrived that could. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 50));

describe("tabs of one browser", () => {
  it.each<[string, Answer, Answer]>([
    ["a login", nobody, ada],
    ["a logout", ada, nobody],
    ["a change", ada, { ...ada, name: "Grace" }],
    ["a change deep inside", { ...ada, cart: { a: [1] } }, { ...ada, cart: { a: [2] } }],
    ["a change in a Map", { ...ada, cart: new Map([["a", 1]]) }, { ...ada, cart: new Map() }],
    ["a change of a BigInt", { ...ada, big: 2n ** 64n }, { ...ada, big: 2n ** 64n + 1n }],
    ["a change of a Date", { ...ada, seen: at(1) }, { ...ada, seen: at(2) }],
    ["a login by a user who exposes nothing", nobody, { expiresAt: at(60), readAt: at(0) }],
  ])("each refresh once after %s in another one", async (_, before, after) => {
    let server = before;
    const tabs = [1, 2, 3].map(() => new ServedTab(() => server));
    for (const tab of tabs) tab.post(before);
    await settled();
    server = after;
    tabs[0]?.post(after);
    await settled();
    expect(tabs.map(({ refreshes }) => refreshes)).toEqual([0, 1, 1]);
  });

  it("do not refresh when one more is opened, or posts the same once more", async () => {
    const tabs = [new ServedTab(() => ada), new ServedTab(() => ada)];
    for (const tab of tabs) tab.post(ada);
    tabs[1]?.post({ ...ada, readAt: at(9) });
    await settled();
    expect(tabs.map(({ refreshes }) => refreshes)).toEqual([0, 0]);
  });

  it("learn of a refreshed session's later end without a request, and never of an earlier one", async () => {
    const tabs = [new ServedTab(() => ada), new ServedTab(() => ada)] as const;
    for (const tab of tabs) tab.post(ada);
    tabs[0].post({ ...ada, expiresAt: at(90) });
    await settled();
    tabs[1].post({ ...ada, expiresAt: at(90) });
    await settled();
    tabs[0].post({ ...ada, expiresAt: at(30) });
    await settled();
    expect(tabs.map(({ refreshes }) => refreshes)).toEqual([0, 0]);
    expect(tabs.map(({ extended }) => extended)).toEqual([[], [at(90)]]);
  });

  it("bring a tab up to date that loads with an older session than theirs", async () => {
    const server = { ...ada, name: "Grace" };
    const tabs = [new ServedTab(() => server), new ServedTab(() => server)] as const;
    tabs[0].post(server);
    await settled();
    tabs[1].post(ada);
    await settled();
    expect(tabs[1].refreshes).toBe(1);
  });

  it("refresh once more for the answer of a tab that found another session than the message said", async () => {
    const served = { ...ada, name: "Grace" };
    const tabs = [new ServedTab(() => served), new ServedTab(() => served)] as const;
    for (const tab of tabs) tab.post(nobody);
    await settled();
    tabs[0].post(ada);
    await settled();
    expect(tabs.map(({ refreshes }) => refreshes)).toEqual([1, 1]);
  });

  it("do not go on for ever if each request changes the session", async () => {
    let visits = 0;
    const serve = () => ({ ...ada, visits: ++visits });
    const tabs = [new ServedTab(serve), new ServedTab(serve), new ServedTab(serve)];
    tabs[0]?.post(serve());
    await settled();
    await settled();
    expect(visits).toBeLessThanOrEqual(10);
  });

  it("hear nothing of another kind of session", async () => {
    const tabs = [new ServedTab(() => ada), new ServedTab(() => ada, "admin")] as const;
    tabs[1].post(nobody);
    tabs[0].post(ada);
    await settled();
    expect(tabs[1].refreshes).toBe(0);
  });

  it("that are closed hear nothing", async () => {
    const refresh = vi.fn();
    const closed = joinTabs("session", { refresh, extend: () => {} });
    closed.leave();
    new ServedTab(() => ada).post(ada);
    await settled();
    expect(refresh).not.toHaveBeenCalled();
  });
});
