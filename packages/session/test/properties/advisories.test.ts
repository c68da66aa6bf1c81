import { describe, expect, it } from "vitest";
import type { SessionOptions } from "../../src/options/options.ts";
import {
  cachesAreTold,
  expectNoSharedCache,
  logsOut,
  newestSecretSigns,
  oldCookiesAreRefused,
  purposesDoNotRunTogether,
  robbed,
} from "../support/advisory-checks.ts";
import { DAY, stoppedClock } from "../support/fixed.ts";
import { ada, answer, becomesAda, type Data, definition, loadLibrary } from "../support/library.ts";
import { MemoryStore } from "../support/memory-store.ts";

/*
 * The holes that libraries of this kind have had, one test for each advisory, named by it. Those that
 * show only with Next itself are in apps/fixture/e2e/proxy.spec.ts and pages-router.spec.ts as well.
 */

const library = await loadLibrary();

describe("a shared cache gives nobody another's session", () => {
  it("CVE-2023-30861: Flask sent a refreshed permanent session's cookie without Vary: Cookie", async () => {
    const clock = stoppedClock();
    const sessions = definition(library, { clock });
    const cookie = `session=${await sessions.encode(ada, { permanent: true })}`;
    clock.pass(DAY);
    const headers = await answer(sessions, cookie);
    expect(headers.getSetCookie()).toHaveLength(1);
    expectNoSharedCache(headers);
  });

  it("CVE-2026-35192: Django, saving every session at every request, did not for an unchanged one", () =>
    cachesAreTold(library));

  it.each<[how: string, look: (session: Data) => unknown]>([
    ["by asking for a key with `in`", (session) => "user" in session],
    ["by counting its keys", (session) => Object.keys(session).length],
    ["by a value", (session) => session.user],
    ["by nothing but getSession()", () => {}],
  ])(
    "CVE-2026-27205: Flask overlooked some ways to look at a session; here, %s",
    async (_, look) => {
      const headers = await answer(definition(library), "", look);
      expect(headers.get("vary")).toBe("Cookie");
      expect(headers.getSetCookie()).toEqual([]);
    },
  );

  it.each([
    ["CVE-2025-48947", "nextjs-auth0"],
    ["CVE-2025-64762", "authkit-nextjs"],
  ])("%s: with %s a CDN could keep the Set-Cookie of a response that was public", async () => {
    const isPublic = new Headers({
      "cache-control": "public, s-maxage=3600",
      "cdn-cache-control": "max-age=3600",
    });
    const headers = await answer(definition(library), "", becomesAda, isPublic);
    expectNoSharedCache(headers);
    expect(headers.get("cdn-cache-control")).toBe("private, no-store");
  });
});

describe("a cookie is believed for what it was made, and for nothing else", () => {
  it("CVE-2025-47278: Flask 3.1.0 signed with the oldest of the fallback keys, not with the newest", () =>
    newestSecretSigns(library));

  it("CVE-2026-6873: in Django a cookie's name and its salt ran together into one key", async () => {
    await purposesDoNotRunTogether(library);
    const value = await definition(library, { name: "cart" }).encode(ada);
    for (const name of ["car", "carts", "signedcart", "session"]) {
      const other = definition(library, { name });
      expect(await other.decode(value)).toEqual({ ok: false, reason: "bad-signature" });
    }
  });

  it("CVE-2023-48309: in NextAuth a signed token of another purpose passed for a session", async () => {
    const store = new MemoryStore();
    const kinds = {
      signed: definition(library),
      sealed: definition(library, { format: "sealed" }),
      flask: definition(library, { format: "flask" }),
      stored: definition(library, { store }),
      "of another name": definition(library, { name: "state" }),
    };
    for (const [kind, { encode }] of Object.entries(kinds)) {
      const value = await encode(ada);
      for (const [other, { decode }] of Object.entries(kinds)) {
        const { ok } = await decode(value);
        expect(ok, `${kind} read as ${other}`).toBe(kind === other);
      }
    }
  });

  it("CVE-2026-39324: Rack took a cookie it could not decrypt for one that needed no secret", async () => {
    const json = JSON.stringify(ada);
    const base64 = Buffer.from(json).toString("base64url");
    const unauthenticated = [
      json,
      base64,
      `.${base64}`,
      `${base64}.`,
      `${base64}..`,
      `${base64}.ZVPxAA.`,
      encodeURIComponent(json),
      `j:${json}`,
      `s:${base64}.`,
      `Fe26.2*1**${base64}*${base64}***`,
      `Fe26.2*1*${"0".repeat(64)}*${"A".repeat(22)}*${base64}**${"0".repeat(64)}*${"A".repeat(43)}~2`,
      `eyJhbGciOiJub25lIn0.${base64}.`,
    ];
    const all = ["signed", "sealed", "flask", "iron-session"] as const;
    for (const format of ["signed", "sealed", "flask"] as const) {
      const sessions = definition(library, { format, accept: all });
      for (const value of unauthenticated) {
        expect(await sessions.decode(value), `${format}: ${value}`).toMatchObject({ ok: false });
      }
    }
  });
});

describe("a session ends", () => {
  it("CVE-2024-31999: a destroyed @fastify/secure-session could be used again, for ever", () =>
    oldCookiesAreRefused(library));

  it("CVE-2024-31999: and with a store, not once more", async () => {
    const sessions = await library.sessionsWith({ store: new MemoryStore() });
    const { visitor, thief } = await robbed(library, sessions);
    await visitor.visits(sessions, logsOut);
    expect(await thief.finds(sessions)).toEqual({});
  });

  it.each<[where: string, options: () => SessionOptions]>([
    ["a cookie", () => ({})],
    ["a sealed cookie", () => ({ format: "sealed" })],
    ["a store that forgets nothing", () => ({ store: immortal(new MemoryStore()) })],
  ])(
    "CVE-2024-35220: @fastify/session moved the expiry at each read; here, in %s, it stays",
    async (_, options) => {
      const clock = stoppedClock();
      const sessions = await library.sessionsWith({ clock, ...options() });
      const visitor = new library.Visitor();
      await visitor.visits(sessions, becomesAda);
      for (let day = 1; day <= 31; day++) {
        clock.pass(DAY);
        expect(await visitor.finds(sessions)).toEqual(ada);
      }
      clock.pass(1);
      expect(await visitor.finds(sessions)).toEqual({});
    },
  );

  it("CVE-2024-35220: and no change moves it past absoluteTimeout", async () => {
    const clock = stoppedClock();
    const sessions = await library.sessionsWith({ clock, absoluteTimeout: { days: 40 } });
    const visitor = new library.Visitor();
    await visitor.visits(sessions, becomesAda);
    for (let day = 1; day <= 40; day++) {
      clock.pass(DAY);
      await visitor.visits(sessions, (session) => {
        session.day = day;
      });
      expect(await visitor.finds(sessions)).toMatchObject(ada);
    }
    clock.pass(1);
    expect(await visitor.finds(sessions)).toEqual({});
  });
});

/** Keeps each record for ever, whatever `ttl` it gets. */
function immortal(store: MemoryStore): MemoryStore {
  const set = store.set.bind(store);
  store.set = (key, value) => set(key, value, Number.POSITIVE_INFINITY);
  return store;
}
