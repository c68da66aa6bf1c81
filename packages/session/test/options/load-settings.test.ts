import { beforeEach, describe, expect, it, vi } from "vitest";
import { SessionSecretError } from "../../src/errors/errors.ts";
import { checkOptions } from "../../src/options/check-options.ts";
import { loadSettings } from "../../src/options/load-settings.ts";
import { OLDER_SECRET, SECRET } from "../support/fixed.ts";
import { thrownBy } from "../support/thrown.ts";

const checks = "../../src/options/check-options.ts";

beforeEach(() => {
  vi.stubEnv("SESSION_SECRET", SECRET);
  vi.stubEnv("SESSION_SECRET_FALLBACKS", OLDER_SECRET);
});

describe("an app without options", () => {
  it.each(["production", "development", "test"])(
    "has in NODE_ENV=%s what the checks give one whose options are all absent",
    async (environment) => {
      vi.stubEnv("NODE_ENV", environment);
      const settings = await loadSettings(undefined);
      // Functions are equal only if they are the same: the clock's is made each time.
      const now = expect.any(Function);
      expect(settings).toEqual({ ...checkOptions({}), now });
      expect(settings.format.secrets).toEqual([SECRET, OLDER_SECRET]);
    },
  );

  it("takes the time of the machine, in whole seconds", async () => {
    vi.useFakeTimers({ now: 1_700_000_000_999 });
    expect((await loadSettings(undefined)).now()).toBe(1_700_000_000);
    vi.useRealTimers();
  });

  it.each([
    ["ERR_SESSION_SECRET_MISSING", "", "", "There is no session secret. Set SESSION_SECRET "],
    ["ERR_SESSION_SECRET_MISSING", "", SECRET, "There is no session secret. Set SESSION_SECRET "],
    ["ERR_SESSION_SECRET_TOO_SHORT", "short", "", "SESSION_SECRET has 5 characters; it must be "],
    ["ERR_SESSION_SECRET_WEAK", "a".repeat(40), "", "SESSION_SECRET is easy to guess: "],
    [
      "ERR_SESSION_SECRET_REPEATED",
      SECRET,
      `${OLDER_SECRET},${SECRET}`,
      "Entry 2 of SESSION_SECRET_FALLBACKS is the same as SESSION_SECRET. ",
    ],
  ])("is refused with %s for SESSION_SECRET=%j and fallbacks %j", async (...given) => {
    const [code, secret, fallbacks, message] = given;
    vi.stubEnv("SESSION_SECRET", secret);
    vi.stubEnv("SESSION_SECRET_FALLBACKS", fallbacks);
    const error = await thrownBy(() => loadSettings(undefined), SessionSecretError);
    expect(error.code).toBe(code);
    expect(error.message.startsWith(message), error.message).toBe(true);
  });

  it("loads the checks only to say what is wrong with its secret", async () => {
    const loaded = vi.fn();
    vi.resetModules();
    vi.doMock(checks, async (original) => {
      loaded();
      return original();
    });
    const fresh = await import("../../src/options/load-settings.ts");
    await fresh.loadSettings(undefined);
    expect(loaded).not.toHaveBeenCalled();
    await fresh.loadSettings({});
    expect(loaded).toHaveBeenCalledOnce();
    vi.doUnmock(checks);
  });
});
