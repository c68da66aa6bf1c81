import { beforeEach, describe, expect, it, vi } from "vitest";
import type { SessionManager } from "../../src/core/session-manager.ts";
import { checkOptions } from "../../src/options/check-options.ts";
import type { SessionOptions } from "../../src/options/options.ts";
import { count } from "../support/acts.ts";
import { SECRET, stoppedClock } from "../support/fixed.ts";
import { Visitor } from "../support/visitor.ts";

let clock: ReturnType<typeof stoppedClock>;
let visitor: Visitor;

beforeEach(() => {
  clock = stoppedClock();
  visitor = new Visitor();
});

describe("a Secure cookie for plain http", () => {
  const http = { protocol: "http", host: "shop.example" };
  const secure = { cookie: { secure: true } };

  let lastLoaded: Promise<SessionManager>;

  /** In its own instance of the package, because each warns once per host. */
  async function warningsFor(origin: Visitor["origin"], options: SessionOptions, times = 1) {
    vi.resetModules();
    const { SessionManager: Fresh } = await import("../../src/core/session-manager.ts");
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    warn.mockClear();
    lastLoaded = Fresh.load(checkOptions({ secret: SECRET, clock, ...options })) as Promise<never>;
    const sessions = await lastLoaded;
    visitor.origin = origin;
    for (let time = 0; time < times; time++) await visitor.visits(sessions, count);
    return warn.mock.calls.map(([message]) => message);
  }

  it("is reported once, with what will happen and how to fix it", async () => {
    expect(await warningsFor(http, secure, 3)).toEqual([
      '[next-signed-session] The cookie "__Host-session" is Secure and was set for http://shop.example: the browser will drop it. Serve the site over https (a proxy that ends TLS must send X-Forwarded-Proto), or set `cookie: { secure: false }` where there is none.',
    ]);
  });

  it.each([
    "localhost",
    "localhost:3000",
    "app.localhost:3000",
    "127.0.0.1:3000",
    "127.1.2.3",
    "[::1]:3000",
  ])("is none at %s, where browsers take it", async (host) => {
    expect(await warningsFor({ protocol: "http", host }, secure)).toEqual([]);
  });

  it("is reported for the site's own host after a visitor sent another one", async () => {
    const warnings = await warningsFor({ protocol: "http", host: "forged.example" }, secure, 3);
    visitor.origin = http;
    const sessions = await lastLoaded;
    await visitor.visits(sessions, count);
    await visitor.visits(sessions, count);
    expect(warnings).toHaveLength(1);
    expect(vi.mocked(console.warn).mock.calls.map(([message]) => message)).toEqual([
      ...warnings,
      expect.stringContaining("http://shop.example:"),
    ]);
  });

  it("is reported for a hundred hosts at most, whatever visitors send", async () => {
    await warningsFor(http, secure);
    const sessions = await lastLoaded;
    for (let n = 0; n < 200; n++) {
      visitor.origin = { protocol: "http", host: `forged-${n}.example` };
      await visitor.visits(sessions, count);
    }
    expect(console.warn).toHaveBeenCalledTimes(100);
  });

  it.each(["localhost.example.com", "127.0.0.1.example.com", "mylocalhost", "10.0.0.1"])(
    "is one at %s",
    async (host) => {
      expect(await warningsFor({ protocol: "http", host }, secure)).toHaveLength(1);
    },
  );

  it("is none over https, where the request is not known, or without Secure", async () => {
    expect(await warningsFor({ ...http, protocol: "https" }, secure)).toEqual([]);
    expect(await warningsFor(undefined, secure)).toEqual([]);
    expect(await warningsFor(http, { cookie: { secure: false } })).toEqual([]);
  });
});
