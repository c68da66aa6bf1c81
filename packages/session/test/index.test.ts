import { describe, expect, it, vi } from "vitest";
import * as library from "../src/index.ts";
import golden from "./golden/signed/golden.json" with { type: "json" };
import { SECRET } from "./support/fixed.ts";

describe("the package", () => {
  it("exports this and nothing else", () => {
    const exported = Object.entries(library).map(([name, value]) => [name, typeof value]);
    expect(Object.fromEntries(exported)).toEqual({
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
    });
  });

  it("can be imported without a secret", async () => {
    vi.stubEnv("SESSION_SECRET", "");
    vi.resetModules();
    await expect(import("../src/index.ts")).resolves.toBeTypeOf("object");
  });

  it("throws errors that are its own classes", async () => {
    const { encode } = library.defineSession({ secret: "short" });
    await expect(encode({})).rejects.toBeInstanceOf(library.SessionSecretError);
    await expect(encode({})).rejects.toBeInstanceOf(library.SessionError);
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
