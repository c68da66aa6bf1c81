import { inspect } from "node:util";
import { afterEach, describe, expect, it, vi } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { defineSession } from "../../src/core/define-session.ts";
import { SessionOptionError } from "../../src/errors/errors.ts";
import { checkOptions } from "../../src/options/check-options.ts";
import type { SessionOptions } from "../../src/options/options.ts";
import { globalName } from "../../src/runtime/process-global.ts";
import { VERSION } from "../../src/runtime/version.ts";
import { define } from "../support/definition.ts";
import { OLDER_SECRET, SECRET } from "../support/fixed.ts";
import { MemoryStore } from "../support/memory-store.ts";
import { thrownBy } from "../support/thrown.ts";
import { sessionsWith } from "../support/visitor.ts";

afterEach(() => {
  vi.resetModules();
});

const schema = (vendor = "test") => ({
  "~standard": {
    version: 1 as const,
    vendor,
    validate: (value: unknown) => ({ value: value as object }),
  },
});

const url = "http://localhost:3000/";

describe("two definitions of one name, in one request", () => {
  it.each<[string, () => SessionOptions]>([
    ["another store", () => ({ store: new MemoryStore() })],
    [
      "another store that is accepted",
      () => ({ accept: [{ format: "stored", store: new MemoryStore() }] }),
    ],
    ["another schema", () => ({ schema: schema() })],
    ["another migrate", () => ({ migrate: (data) => data })],
    ["another userOf", () => ({ userOf: (data) => data.userId })],
    ["another secret", () => ({ secret: "another-secret-of-the-tests-0123456789" })],
  ])("with %s are refused, and never share a session", async (_what, options) => {
    const [one, other] = [options(), options()].map((each) =>
      defineSession({ secret: SECRET, ...each }),
    );
    const [request, headers] = [new Request("https://shop.example"), new Headers()];
    await one?.getSession(request, headers);
    const plain = defineSession({ secret: SECRET });
    await thrownBy(() => plain.getSession(request, headers), SessionOptionError);
    if ("secret" in options()) return;
    await thrownBy(() => other?.getSession(request, headers), SessionOptionError);
  });

  it("that are alike share it", async () => {
    const options = { secret: SECRET, store: new MemoryStore(), schema: schema() };
    const [request, headers] = [new Request("https://shop.example"), new Headers()];
    const session = await defineSession({ ...options }).getSession(request, headers);
    expect(await defineSession({ ...options }).getSession(request, headers)).toBe(session);
  });

  it("share it between two instances of the package too, which have stores of their own", async () => {
    const options = () => ({ secret: SECRET, store: new MemoryStore(), schema: schema() });
    const [request, headers] = [new Request("https://shop.example"), new Headers()];
    const session = await defineSession(options()).getSession(request, headers);
    vi.resetModules();
    const instance = await import("../../src/core/define-session.ts");
    expect(await instance.defineSession(options()).getSession(request, headers)).toBe(session);
    await thrownBy(
      () =>
        instance
          .defineSession({ ...options(), schema: schema("other") })
          .getSession(request, headers),
      Error,
    );
  });
});

describe("two definitions of one name in one request", () => {
  it("are refused when they differ, whichever comes first", async () => {
    const [one, other] = [define(), define({ idleTimeout: 60 })];
    const request = new Request(url);
    await one.getSession(request, new Headers());
    const error = await thrownBy(
      () => other.getSession(request, new Headers()),
      SessionOptionError,
    );
    expect(error.code).toBe("ERR_SESSION_NAME_TAKEN");
  });

  it("are one when their options are equal, as those of a module loaded twice", async () => {
    const request = new Request(url);
    const session = await define().getSession(request, new Headers());
    expect(await define().getSession(request, new Headers())).toBe(session);
  });

  it("are two sessions with two cookies if their names differ", async () => {
    const request = new Request(url);
    const headers = new Headers();
    for (const name of ["session", "admin"]) {
      await using session = await define({ name }).getSession(request, headers);
      session.visits = 3;
    }
    expect(headers.getSetCookie().map((cookie) => cookie.split("=")[0])).toEqual([
      "session",
      "admin",
    ]);
  });
});

describe("what is common to the process", () => {
  it("has the version in its name, so that two versions share nothing", () => {
    expect(VERSION).toBe(manifest.version);
    expect(String(globalName("locks"))).toBe(`Symbol(next-signed-session@${VERSION}.locks)`);
  });

  it("shows no secret, were it digested in full", async () => {
    const accept = [{ format: "sealed" as const, secret: "older-secret-of-another-0123456789ab" }];
    const sessions = await sessionsWith({ accept, store: new MemoryStore() });
    expect(sessions.fingerprint).toMatch(/^[\w-]{43}$/);
    const shown = inspect(sessions, { depth: null, showHidden: true });
    for (const secret of [SECRET, accept[0]?.secret]) expect(shown).not.toContain(secret);
    expect(checkOptions({ secret: SECRET }).format.secrets).toEqual([SECRET]);
  });
});

describe("a fingerprint", () => {
  const fingerprint = async (options: SessionOptions) => (await sessionsWith(options)).fingerprint;

  it("is equal for equal options, read twice", async () => {
    const options = { name: "id", idleTimeout: { days: 1 } };
    expect(await fingerprint({ ...options })).toBe(await fingerprint({ ...options }));
  });

  it.each<SessionOptions>([
    { name: "id" },
    { secret: OLDER_SECRET },
    { cookie: { path: "/app" } },
    { idleTimeout: 60 },
    { absoluteTimeout: 60 },
    { chunk: true },
    { compress: true },
    { accept: ["flask"] },
  ])("differs from the default's with %j", async (options) => {
    expect(await fingerprint(options)).not.toBe(await fingerprint({}));
  });

  it("can be taken of any schema, were it one that JSON cannot show", async () => {
    const schema: Record<string, unknown> = {
      "~standard": { version: 1, vendor: "tests", validate: (value: unknown) => ({ value }) },
      least: 1n,
    };
    schema.self = schema;
    await expect(fingerprint({ schema: schema as never })).resolves.toBeTypeOf("string");
  });
});
