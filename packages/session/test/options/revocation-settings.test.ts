import { describe, expect, it, vi } from "vitest";
import { SessionManager } from "../../src/core/session-manager.ts";
import { SessionOptionError } from "../../src/errors/errors.ts";
import { checkOptions } from "../../src/options/check-options.ts";
import type { SessionOptions } from "../../src/options/options.ts";
import { SECRET } from "../support/fixed.ts";
import { thrownBy } from "../support/thrown.ts";

describe("the option is refused", () => {
  const userOf = () => "ada";
  const before = vi.fn();
  it.each<[object, string]>([
    [
      { revocation: { before } },
      "`userOf` cannot be undefined. Allowed: a function, since `revocation` must",
    ],
    [{ userOf, revocation: {} }, "`revocation.before` cannot be undefined. Allowed: a function"],
    [{ userOf, revocation: { before: "x" } }, "`revocation.before` cannot be"],
    [{ userOf, revocation: { before, cacheFor: -1 } }, "`revocation.cacheFor` cannot be -1"],
    [{ userOf, revocation: { before, ttl: 1 } }, "There is no session option `revocation.ttl`"],
    [{ userOf, revocation: before }, "`revocation` cannot be a function"],
  ])("%o", async (options, message) => {
    const given = { secret: SECRET, ...options } as SessionOptions;
    const error = await thrownBy(
      () => SessionManager.load(checkOptions(given)),
      SessionOptionError,
    );
    expect(error.message).toContain(message);
  });
});
