import * as ironSession8 from "iron-session-8";
import * as ironSession9 from "iron-session-9";
import { describe, expect, it, vi } from "vitest";
import { defineSession } from "../../src/index.ts";
import { DAY, NOW, SECRET } from "../support/fixed.ts";
import { stopDate } from "../support/stopped-date.ts";

const PASSWORD = "password-of-the-old-app-0123456789-abc";

interface Data {
  user: { id: number };
  visits: number;
}

const { getSession, decode } = defineSession<Data>({
  secret: SECRET,
  accept: [{ format: "iron-session", secret: PASSWORD }],
  clock: () => Date.now(),
});

/** A browser that keeps the cookies of one site, whichever library sets them. */
class Browser {
  readonly #cookies = new Map<string, string>();
  lastSetCookies: string[] = [];

  async visit<T>(handle: (request: Request, headers: Headers) => Promise<T>): Promise<T> {
    const cookie = [...this.#cookies].map((pair) => pair.join("=")).join("; ");
    const headers = new Headers();
    const answer = await handle(
      new Request("https://shop.example/", { headers: cookie ? { cookie } : {} }),
      headers,
    );
    this.lastSetCookies = headers.getSetCookie();
    for (const line of this.lastSetCookies) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/max-age=0/i.test(line)) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    return answer;
  }

  get session(): string | undefined {
    return this.#cookies.get("session");
  }
}

stopDate();

describe.each([
  [8, ironSession8.getIronSession<Data>],
  [9, ironSession9.getIronSession<Data>],
])("a user who logged in with iron-session %i", (_major, getIronSession) => {
  async function loggedIn(ttl = 14 * DAY): Promise<Browser> {
    const browser = new Browser();
    await browser.visit(async (request, headers) => {
      const response = new Response(null, { headers });
      const options = { cookieName: "session", password: PASSWORD, ttl };
      const session = await getIronSession(request, response, options);
      session.user = { id: 7 };
      await session.save();
      for (const line of response.headers.getSetCookie()) headers.append("set-cookie", line);
    });
    return browser;
  }

  it("is still logged in after the switch", async () => {
    const browser = await loggedIn();
    expect(browser.session).toMatch(/^Fe26\.2\*/);
    await browser.visit(async (request, headers) => {
      const session = await getSession(request, headers);
      expect({ ...session }).toEqual({ user: { id: 7 } });
      expect(session).toMatchObject({ isNew: false, permanent: true });
    });
  });

  it("has a cookie in the new format from the first change on, and keeps what it held", async () => {
    const browser = await loggedIn();
    await browser.visit(async (request, headers) => {
      await using session = await getSession(request, headers);
      session.visits = 1;
    });
    expect(browser.session).not.toMatch(/^Fe26/);
    expect(browser.lastSetCookies).toEqual([
      expect.stringMatching(/^session=[^;]+;.*Max-Age=2678400/),
    ]);
    expect(await decode(browser.session as string)).toEqual({
      ok: true,
      data: { user: { id: 7 }, visits: 1 },
      permanent: true,
      issuedAt: new Date(NOW * 1000),
    });
  });

  it("gets the new format without a change as well, where a cookie can be set", async () => {
    const browser = await loggedIn();
    await browser.visit(async (request, headers) => {
      await using _session = await getSession(request, headers);
    });
    expect(await decode(browser.session as string)).toMatchObject({
      ok: true,
      data: { user: { id: 7 } },
    });
    expect(browser.session).not.toMatch(/^Fe26/);
  });

  it("stays logged in past the day iron-session would have ended it, once rewritten", async () => {
    const browser = await loggedIn(DAY);
    await browser.visit(async (request, headers) => {
      await using _session = await getSession(request, headers);
    });
    vi.setSystemTime((NOW + 30 * DAY) * 1000);
    await browser.visit(async (request, headers) => {
      expect({ ...(await getSession(request, headers)) }).toEqual({ user: { id: 7 } });
    });
  });

  it("is logged out when the old cookie has ended before the switch", async () => {
    const browser = await loggedIn(DAY);
    const old = browser.session as string;
    vi.setSystemTime((NOW + DAY + 1) * 1000);
    expect(await decode(old)).toEqual({ ok: false, reason: "expired" });
  });

  it("can log out after the switch: the cookie is deleted", async () => {
    const browser = await loggedIn();
    await browser.visit(async (request, headers) => {
      await using session = await getSession(request, headers);
      session.clear();
    });
    expect(browser.session).toBeUndefined();
  });

  it("loses to a newer cookie of ours, wherever the browser lists it", async () => {
    const browser = await loggedIn();
    const old = browser.session;
    await browser.visit(async (request, headers) => {
      await using session = await getSession(request, headers);
      session.user = { id: 8 };
    });
    for (const cookie of [
      `session=${old}; session=${browser.session}`,
      `session=${browser.session}; session=${old}`,
    ]) {
      const request = new Request("https://shop.example/", { headers: { cookie } });
      expect({ ...(await getSession(request, new Headers())) }).toEqual({ user: { id: 8 } });
    }
  });

  it("is not read where iron-session is not accepted", async () => {
    const browser = await loggedIn();
    const strict = defineSession<Data>({ secret: PASSWORD, clock: () => Date.now() });
    expect(await strict.decode(browser.session as string)).toMatchObject({ ok: false });
  });

  it("is not read under another password", async () => {
    const browser = await loggedIn();
    const other = defineSession<Data>({
      secret: SECRET,
      accept: ["iron-session"],
      clock: () => Date.now(),
    });
    expect(await other.decode(browser.session as string)).toEqual({
      ok: false,
      reason: "bad-signature",
    });
  });

  it("is not logged out at the switch by an absolute lifetime, which begins there", async () => {
    const browser = await loggedIn();
    const bounded = defineSession<Data>({
      secret: SECRET,
      accept: [{ format: "iron-session", secret: PASSWORD }],
      absoluteTimeout: { days: 2 },
      clock: () => Date.now(),
    });
    await browser.visit(async (request, headers) => {
      await using session = await bounded.getSession(request, headers);
      expect({ ...session }).toEqual({ user: { id: 7 } });
    });
    vi.setSystemTime((NOW + 2 * DAY) * 1000);
    expect(await bounded.decode(browser.session as string)).toMatchObject({ ok: true });
    vi.setSystemTime((NOW + 2 * DAY + 1) * 1000);
    expect(await bounded.decode(browser.session as string)).toEqual({
      ok: false,
      reason: "too-old",
    });
  });
});
