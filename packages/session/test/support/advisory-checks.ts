import { expect } from "vitest";
import type { SessionOptions } from "../../src/options/options.ts";
import { DAY, OLDER_SECRET, SECRET, stoppedClock } from "./fixed.ts";
import { ada, answer, becomesAda, definition, found, type Library } from "./library.ts";
import type { Visitor } from "./visitor.ts";

/*
 * What the tests of the advisories ask of the library, and of libraries in which one layer is broken.
 */

export function expectNoSharedCache(headers: Headers): void {
  expect(headers.get("cache-control")).toBe("private, no-store");
  expect(headers.get("vary")).toBe("Cookie");
}

export async function cachesAreTold(library: Library): Promise<void> {
  const sessions = definition(library, { refreshAfter: 0 });
  const value = await sessions.encode(ada, { permanent: true });
  const headers = await answer(sessions, `session=${value}`);
  expect(headers.getSetCookie()).toHaveLength(1);
  expectNoSharedCache(headers);
}

export async function newestSecretSigns(library: Library): Promise<void> {
  const rotated = definition(library, { secret: [SECRET, OLDER_SECRET] });
  const value = await rotated.encode(ada);
  expect(await definition(library, { secret: SECRET }).decode(value)).toMatchObject({ ok: true });
  const older = definition(library, { secret: OLDER_SECRET });
  expect(await older.decode(value)).toEqual({ ok: false, reason: "bad-signature" });
  expect(await rotated.decode(await older.encode(ada))).toMatchObject({ ok: true });
}

export async function purposesDoNotRunTogether({ deriveKey }: Library): Promise<void> {
  const pairs: [string[], string[]][] = [
    [
      ["signed", "session"],
      ["sign", "edsession"],
    ],
    [
      ["sealed", "a", "id"],
      ["sealed", "ai", "d"],
    ],
    [
      ["sealed", "a", "id"],
      ["sealed", 'a","id'],
    ],
    [
      ["signed", "", "a"],
      ["signed", "a", ""],
    ],
  ];
  for (const [one, other] of pairs) {
    expect(await deriveKey(SECRET, one), `${one} and ${other}`).not.toEqual(
      await deriveKey(SECRET, other),
    );
  }
}

/** A visitor whose cookie a thief has copied. */
export async function robbed(
  { Visitor, copyOf }: Library,
  sessions: Awaited<ReturnType<Library["sessionsWith"]>>,
) {
  const visitor = new Visitor();
  await visitor.visits(sessions, (session) => {
    becomesAda(session);
    session.permanent = true;
  });
  return { visitor, thief: copyOf(visitor) };
}

export const logsOut: Parameters<Visitor["visits"]>[1] = (session) => session.clear();

export async function oldCookiesAreRefused(library: Library): Promise<void> {
  for (const options of [{}, { format: "sealed" }, { format: "flask" }] as SessionOptions[]) {
    const clock = stoppedClock();
    const sessions = await library.sessionsWith({ clock, ...options });
    const { visitor, thief } = await robbed(library, sessions);
    await visitor.visits(sessions, logsOut);
    expect(visitor.cookies.size).toBe(0);
    // Cookies for Flask are signed five seconds early.
    const lifetime = options.format === "flask" ? 31 * DAY - 5 : 31 * DAY;
    clock.pass(lifetime);
    expect(await thief.finds(sessions), "what is signed is believed while it is young").toEqual(
      ada,
    );
    clock.pass(1);
    expect(await thief.finds(sessions), "and no longer").toEqual({});
  }
}

export async function namesAreNotConfused(library: Library): Promise<void> {
  const sessions = definition(library, { name: "__Host-session", cookie: { secure: true } });
  const value = await sessions.encode(ada);
  expect(await found(sessions, `__Host-session=${value}`)).toEqual(ada);
  for (const [advisory, header] of [
    ["CVE-2023-23934", `=__Host-session=${value}`],
    ["CVE-2023-23934", `==__Host-session=${value}`],
    ["CVE-2023-23934", value],
    ["CVE-2026-39410", `\u00a0__Host-session=${value}`],
    ["CVE-2026-39410", `__Host-session\u00a0=${value}`],
    ["CVE-2020-8184", `%5F%5FHost-session=${value}`],
    ["CVE-2020-8184", `__Host%2dsession=${value}`],
  ] as const) {
    expect(await found(sessions, header), `${advisory}: ${header}`).toEqual({});
  }
}
