import { readFileSync } from "node:fs";
import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { inspect } from "node:util";
import { describe, expect, it, vi } from "vitest";
import { defineSession } from "../../src/core/define-session.ts";
import { deriveKey } from "../../src/crypto/key-derivation.ts";
import { SessionError } from "../../src/errors/errors.ts";
import type { SessionOptions } from "../../src/options/options.ts";
import {
  ALL,
  Confidential,
  definition,
  guardedLog,
  TOO_SHORT,
  VALUE,
} from "../support/confidential.ts";
import { OLDER_SECRET, SECRET } from "../support/fixed.ts";
import { MemoryStore } from "../support/memory-store.ts";
import { sessionsWith, Visitor } from "../support/visitor.ts";

/*
 * Errors and logs name options, paths and reasons: never a secret, a key that was derived from one, a
 * value of the session, or the cookie itself.
 */

const confidential = await Confidential.load();
const log = guardedLog(confidential);

/** All that a log would show of an error, its causes included. */
function textOf(error: unknown): string {
  const { message, stack } = error as Error;
  return [inspect(error, ALL), message, stack, JSON.stringify(error)].join("\n");
}

const codes = new Set<string>();

/** Every error this file makes passes here. */
async function expectDiscreet(act: () => unknown): Promise<SessionError> {
  let thrown: unknown;
  try {
    await act();
  } catch (error) {
    thrown = error;
  }
  expect(thrown, "it should have thrown").toBeInstanceOf(SessionError);
  expect(confidential.leakedIn(textOf(thrown))).toEqual([]);
  codes.add((thrown as SessionError).code);
  return thrown as SessionError;
}

const visit = (act: (session: Record<string, unknown>) => unknown, options: SessionOptions = {}) =>
  sessionsWith({ secret: [SECRET, OLDER_SECRET], ...options }).then((sessions) =>
    new Visitor().visits(sessions, act),
  );

describe("an error about a secret does not show it", () => {
  it.each<[string, unknown]>([
    ["none", ""],
    ["one that is too short", TOO_SHORT],
    ["a second one that is too short", [SECRET, TOO_SHORT]],
    ["one that is there twice", [SECRET, OLDER_SECRET, SECRET]],
    ["one that repeats itself", TOO_SHORT.repeat(4)],
    ["one from a README", "complex_password_at_least_32_characters_long"],
    ["one in an object", { value: SECRET }],
    ["one among the bytes", Buffer.from(SECRET)],
  ])("%s", async (_, secret) => {
    await expectDiscreet(() => definition({ secret }).encode({}));
  });

  it.each<[string, object]>([
    ["SESSION_SECRET is too short", { SESSION_SECRET: TOO_SHORT }],
    ["a fallback is too short", { SESSION_SECRET: SECRET, SESSION_SECRET_FALLBACKS: TOO_SHORT }],
    ["a fallback is there twice", { SESSION_SECRET: SECRET, SESSION_SECRET_FALLBACKS: SECRET }],
  ])("%s", async (_, environment) => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    await expectDiscreet(() => defineSession().encode({}));
  });
});

describe("an error about an option does not show a secret that was put there", () => {
  it.each<[string, unknown]>([
    ["the secret instead of options", SECRET],
    ["an option that is not there", { password: SECRET }],
    ["another library's password", { accept: { format: "iron-session", password: SECRET } }],
    ["a password in a list", { accept: [{ format: "iron-session", password: { 1: SECRET } }] }],
    ["a secret in place of a format", { accept: [SECRET] }],
    ["a format", { format: SECRET }],
    ["a format's secret", { format: { format: "flask", secret: TOO_SHORT } }],
    ["a format's digest", { format: { format: "flask", digest: SECRET } }],
    ["a list of both", { format: ["flask", SECRET] }],
    ["a name", { name: `${SECRET} ` }],
    ["a cookie", { cookie: SECRET }],
    ["a path", { cookie: { path: SECRET } }],
    ["a domain", { cookie: { domain: `${SECRET}/` } }],
    ["SameSite", { cookie: { sameSite: SECRET } }],
    ["a lifetime", { idleTimeout: SECRET }],
    ["a part of a lifetime", { idleTimeout: { days: SECRET } }],
    ["a clock", { clock: SECRET }],
    ["a schema", { schema: { secret: SECRET, validate: OLDER_SECRET } }],
    ["a store", { store: { url: `redis://:${SECRET}@localhost`, password: SECRET } }],
    ["a store's address", { store: `redis://:${SECRET}@localhost` }],
  ])("%s", async (_, options) => {
    const given = typeof options === "object" ? { secret: OLDER_SECRET, ...options } : options;
    await expectDiscreet(() => defineSession(given as SessionOptions).encode({}));
  });
});

describe("an error about the data names its path, and shows no value", () => {
  const kept = { secret: VALUE };

  it.each<[string, unknown]>([
    ["a function", () => VALUE],
    ["a symbol", Symbol(VALUE)],
    ["an instance", Object.assign(new URL("https://example.com"), kept)],
    ["a promise", Promise.resolve(VALUE)],
    ["NaN beside a value", [VALUE, Number.NaN]],
    ["an invalid Date", { ...kept, at: new Date(VALUE) }],
    ["a symbol as a key", { [Symbol("key")]: VALUE }],
    ["a value of a Map", new Map([["key", [VALUE, () => {}]]])],
    ["a value of a Set", new Set([VALUE, () => {}])],
    ["an array with properties", Object.assign([VALUE], { of: VALUE })],
    ["a cycle", (() => Object.assign(kept, { self: kept }))()],
    ["what is too deep", JSON.parse(`${"[".repeat(400)}"${VALUE}"${"]".repeat(400)}`)],
  ])("%s", async (_, value) => {
    for (const format of ["signed", "sealed", "flask"] as const) {
      await expectDiscreet(() => visit((session) => Object.assign(session, { value }), { format }));
    }
  });

  it("a BigInt of more digits than Python reads, and a name that Flask keeps for itself", async () => {
    const options = { format: "flask" } as const;
    await expectDiscreet(() => visit((s) => Object.assign(s, { n: 10n ** 5000n }), options));
    await expectDiscreet(() => visit((s) => Object.assign(s, { _permanent: VALUE }), options));
  });

  it("more than fits a cookie, or four", async () => {
    const large = (session: object) =>
      Object.assign(session, {
        notes: Array.from({ length: 6000 }, (_, n) => `${VALUE}${Math.sin(n)}`),
      });
    const one = await expectDiscreet(() => visit(large));
    expect(one.message).toContain("notes");
    await expectDiscreet(() => visit(large, { chunk: true }));
  });

  it("what does not fit the schema", async () => {
    const schema = {
      "~standard": {
        version: 1 as const,
        vendor: "test",
        validate: () => ({ issues: [{ message: "must be a number", path: ["visits"] }] }),
      },
    };
    const error = await expectDiscreet(() =>
      visit((session) => Object.assign(session, { visits: VALUE }), { schema }),
    );
    expect(error.message).toContain("session.visits");
  });
});

describe("an error about the request shows nothing of it", () => {
  const cookie = async () => `session=${await definition().encode({ value: VALUE })}`;

  it("where the headers have gone out, or cannot be changed", async () => {
    const request = new IncomingMessage(new Socket());
    request.headers = { cookie: await cookie() };
    const response = new ServerResponse(request);
    response.flushHeaders();
    const session = await definition().getSession(request, response);
    session.value = `${VALUE}!`;
    await expectDiscreet(() => session.save());

    const web = new Request("https://example.com", { headers: { cookie: await cookie() } });
    const other = await definition().getSession(web, Response.redirect("https://example.com"));
    other.value = `${VALUE}!`;
    await expectDiscreet(() => other.save());
  });

  it("where the arguments are none that lead to a response, or there is no request", async () => {
    const { getSession } = definition();
    const request = new Request("https://example.com", { headers: { cookie: await cookie() } });
    const wrong: unknown[][] = [
      [SECRET, VALUE.repeat(2)],
      [{ cookies: { session: VALUE } }, {}],
      [request, request],
      [request, { secret: SECRET }],
      [new IncomingMessage(new Socket()), request],
      [],
    ];
    for (const given of wrong) await expectDiscreet(() => getSession(...(given as [])));
  });

  it("where two definitions have one name", async () => {
    const request = new Request("https://example.com", { headers: { cookie: await cookie() } });
    await definition().getSession(request, new Headers());
    const second = definition({ refreshAfter: 0 });
    await expectDiscreet(() => second.getSession(request, new Headers()));
  });

  it("where a copy of the session is saved, or sent to a client component", async () => {
    const request = new Request("https://example.com", { headers: { cookie: await cookie() } });
    const session = await definition().getSession(request, new Headers());
    await expectDiscreet(() => session.save.call({ ...session } as unknown as typeof session));
    await expectDiscreet(() => Reflect.get(session, "@@iterator"));
  });
});

describe("an error of the store shows no record", () => {
  it.each<[string, (store: MemoryStore) => void, SessionOptions]>([
    ["that fails", (store) => (store.before = () => Promise.reject(new Error("down"))), {}],
    ["that hangs", (store) => (store.before = () => new Promise(() => {})), { storeTimeout: 1 }],
    ["that gives no text", (store) => (store.get = async () => ({ value: VALUE }) as never), {}],
    ["that answers false", (store) => (store.set = async () => false as never), {}],
  ])("%s", async (_, breaks, options) => {
    const store = new MemoryStore();
    const sessions = await sessionsWith({ secret: [SECRET, OLDER_SECRET], store, ...options });
    const visitor = new Visitor();
    await visitor.visits(sessions, (session) => Object.assign(session, { value: VALUE }));
    breaks(store);
    await expectDiscreet(() =>
      visitor.visits(sessions, (session) => Object.assign(session, { value: `${VALUE}!` })),
    );
  });
});

it("an error about a request of another site shows no session", async () => {
  const sessions = definition({ trustedOrigins: [] });
  const headers = { origin: "https://evil.example" };
  const request = new Request("https://example.com", { method: "POST", headers });
  const session = await sessions.getSession(request, new Headers());
  Object.assign(session, { value: VALUE });
  await expectDiscreet(() => session.save());
});

it("an error about a revocation shows no session", async () => {
  const before = () => Promise.reject(new Error("down"));
  const sessions = definition({
    userOf: (data: Record<string, unknown>) => data.value as string,
    revocation: { before },
  });
  const value = await sessions.encode({ value: VALUE });
  confidential.add(value);
  await expectDiscreet(() => sessions.decode(value));
});

it("every code there is was met above, but for those that Next and React alone bring about", () => {
  const source = readFileSync(new URL("../../src/errors/errors.ts", import.meta.url), "utf8");
  const all = new Set(source.match(/ERR_SESSION_[A-Z_]+/g));
  // Their texts are constant, and they are thrown before a session is opened.
  const ofNext = [
    ...["ERR_SESSION_IN_PROXY", "ERR_SESSION_IN_CACHE", "ERR_SESSION_IN_AFTER"],
    ...["ERR_SESSION_IN_CLIENT_COMPONENT", "ERR_SESSION_NO_PROVIDER"],
  ];
  expect([...all].filter((code) => !codes.has(code)).sort()).toEqual(ofNext.sort());
});

describe("these tests notice", () => {
  const noticed = async (error: Error) => {
    await expect(expectDiscreet(() => Promise.reject(error))).rejects.toThrow("[]");
  };

  it("a value in a message, and a secret in a cause of a cause", async () => {
    await noticed(
      new SessionError("ERR_SESSION_OPTION", `cannot keep ${JSON.stringify({ name: VALUE })}`),
    );
    const cause = new Error("of", { cause: new Error(`signed with ${SECRET}`) });
    await noticed(new SessionError("ERR_SESSION_OPTION", "failed", { cause }));
  });

  it("a derived key that hangs at an error, and one in a log", async () => {
    const key = Buffer.from(await deriveKey(SECRET, ["signed", "session"])).toString("hex");
    await noticed(
      Object.assign(new SessionError("ERR_SESSION_OPTION", "failed"), { settings: { key } }),
    );
    console.error("failed:", { key });
    expect(log.lines.flatMap((line) => confidential.leakedIn(line))).toEqual([key]);
    log.lines = [];
  });
});
