import { describe, expect, it, vi } from "vitest";
import * as inBrowser from "../../src/index.browser.ts";
import * as onServer from "../../src/index.ts";
import { thrownBy } from "../support/thrown.ts";

const warnings = () => vi.spyOn(console, "warn").mockImplementation(() => {});

describe("what a browser gets of the package", () => {
  it("has the same names as what a server gets, and the same errors", () => {
    expect(Object.keys(inBrowser).sort()).toEqual(Object.keys(onServer).sort());
    expect(inBrowser.SessionError).toBe(onServer.SessionError);
  });

  it("is a definition with the same functions, each of which says that it belongs on the server", async () => {
    const names = (definition: object) => Object.keys(definition).sort();
    const definition = inBrowser.defineSession();
    expect(names(definition)).toEqual(names(onServer.defineSession()));
    const exposed = definition.expose("name" as never);
    const exposedOnServer = onServer.defineSession<{ name: string }>().expose("name");
    expect(names(exposed)).toEqual(names(exposedOnServer));

    const { expose, ...functions } = exposed;
    const calls = { ...functions, getSession: inBrowser.getSession };
    for (const [name, call] of Object.entries(calls)) {
      const { code } = await thrownBy(call as () => unknown, onServer.SessionContextError);
      expect(code, name).toBe("ERR_SESSION_IN_CLIENT_COMPONENT");
    }
  });

  it("is reported in development, and in nobody's browser else", () => {
    const warn = warnings();
    vi.stubEnv("NODE_ENV", "production");
    inBrowser.defineSession();
    expect(warn).not.toHaveBeenCalled();
    vi.stubEnv("NODE_ENV", "development");
    inBrowser.defineSession();
    expect(warn.mock.calls.join()).toContain("a file of its own");
  });
});
