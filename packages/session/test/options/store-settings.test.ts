import { describe, expect, it } from "vitest";
import { SessionManager } from "../../src/core/session-manager.ts";
import { SessionOptionError } from "../../src/errors/errors.ts";
import { settingsOf } from "../support/settings.ts";
import { thrownBy } from "../support/thrown.ts";

describe("the store", () => {
  it("is none by default, and waited for 5 seconds", () => {
    expect(settingsOf().store).toBeUndefined();
    const store = new Map<string, string>();
    expect(settingsOf({ store })).toMatchObject({ store: { backend: store, timeout: 5000 } });
    expect(settingsOf({ store, storeTimeout: { minutes: 1 } }).store?.timeout).toBe(60_000);
  });

  it.each([
    ["get", {}],
    ["get", null],
    ["get", "redis://localhost"],
    ["set", { get() {} }],
    ["delete", { get() {}, set() {}, del() {} }],
  ])("must have the method %s, and is not shown where it has not: %j", async (method, store) => {
    const refusalAtStart = async (options: object) => {
      const load = () => SessionManager.load(settingsOf(options));
      return (await thrownBy(load, SessionOptionError)).message;
    };
    expect(await refusalAtStart({ store })).toBe(
      `The session option \`store\` has no method ${method}(). Give a Keyv, a KeyvRedis, what sqliteStore() returns, an object with get(key), set(key, value, ttl) and delete(key), or a function that returns one of these.`,
    );
    expect(await refusalAtStart({ store: () => store })).toContain("`store` has no method");
    const accept = [{ format: "stored", store }];
    expect(await refusalAtStart({ accept })).toContain(
      "The session option `accept[0].store` has no method",
    );
  });

  it("may be read beside another, with secrets of its own", () => {
    const store = new Map<string, string>();
    const own = "a secret of the other store, long enough";
    const accept = [{ format: "stored" as const, store, secret: own }];
    expect(settingsOf({ accept }).accept).toEqual([
      {
        format: "stored",
        option: "accept[0].store",
        backend: store,
        secrets: [own],
        timeout: 5000,
      },
    ]);
  });
});
