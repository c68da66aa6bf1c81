import { describe, expect, it, vi } from "vitest";
import manifest from "../package.json" with { type: "json" };
import * as flask from "../src/flask.ts";
import * as library from "../src/index.ts";
import * as react from "../src/react.ts";
import * as sqlite from "../src/store/sqlite.ts";
import * as testing from "../src/testing.ts";
import golden from "./golden/signed/golden.json" with { type: "json" };
import { SECRET } from "./support/fixed.ts";

describe("the package", () => {
  it.each([
    [
      "next-signed-session",
      library,
      {
        SessionContextError: "function",
        SessionError: "function",
        SessionOptionError: "function",
        SessionReadOnlyError: "function",
        SessionSecretError: "function",
        SessionSerializationError: "function",
        SessionStoreError: "function",
        SessionTooLargeError: "function",
        defineSession: "function",
        getSession: "function",
      },
    ],
    [
      "next-signed-session/testing",
      testing,
      {
        Visitor: "function",
        atomicStoreContract: "object",
        groupStoreContract: "object",
        fixedClock: "function",
        mintCookies: "function",
        readSession: "function",
        storeContract: "object",
        storeFaultContract: "object",
      },
    ],
    ["next-signed-session/react", react, { createSessionContext: "function" }],
    ["next-signed-session/sqlite", sqlite, { sqliteStore: "function" }],
    [
      "next-signed-session/flask",
      flask,
      { FlaskMarkup: "function", FlaskUuid: "function", flaskTuple: "function" },
    ],
  ])("exports this and nothing else: %s", (_, entry, expected) => {
    const exported = Object.entries(entry).map(([name, value]) => [name, typeof value]);
    expect(Object.fromEntries(exported)).toEqual(expected);
  });

  it("has these entries and no other", () => {
    const entries = ["./package.json", ".", "./testing", "./react", "./sqlite", "./flask"];
    expect(Object.keys(manifest.exports).sort()).toEqual(entries.sort());
  });

  it("throws errors that are its own classes", async () => {
    const { encode } = library.defineSession({ secret: "short" });
    await expect(encode({})).rejects.toBeInstanceOf(library.SessionSecretError);
    await expect(encode({})).rejects.toBeInstanceOf(library.SessionError);
  });

  it("can be imported without a secret", async () => {
    vi.stubEnv("SESSION_SECRET", "");
    vi.resetModules();
    await expect(import("../src/index.ts")).resolves.toBeTypeOf("object");
  });
});

describe("the ready-made getSession", () => {
  it("is configured by the environment alone, and reads it at its first call", async () => {
    vi.resetModules();
    const { getSession } = await import("../src/index.ts");
    vi.stubEnv("SESSION_SECRET", SECRET);
    vi.useFakeTimers({ now: golden.issuedAt * 1000, toFake: ["Date"] });
    const { token } = golden.payloads["the visit counter"];
    const request = new Request("http://localhost/", { headers: { cookie: `session=${token}` } });
    const session = await getSession<{ visits: number }>(request, new Headers());
    expect(session.visits).toBe(3);
    vi.useRealTimers();
  });
});
