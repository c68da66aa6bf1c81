import { describe, expect, it } from "vitest";
import { SessionTooLargeError } from "../../src/errors/errors.ts";
import golden from "../golden/signed/golden.json" with { type: "json" };
import { NOW } from "../support/fixed.ts";
import { thrownBy } from "../support/thrown.ts";
import { sessionsWith, Visitor } from "../support/visitor.ts";

const { token } = golden.payloads["the visit counter"];

describe("a value made without a request", () => {
  it("is what a request reads, permanent or not", async () => {
    const sessions = await sessionsWith();
    expect(await sessions.encode({ visits: 3 }, false)).toBe(token);
    expect(await sessions.encode({ visits: 1 }, true)).toBe(
      golden.payloads["a permanent session"].token,
    );
    const visitor = new Visitor();
    visitor.cookies.set("session", await sessions.encode({ visits: 1 }, true));
    expect((await sessions.open(visitor.jar())).permanent).toBe(true);
  });

  it("has a beginning where there is an absolute lifetime", async () => {
    const sessions = await sessionsWith({ absoluteTimeout: 60 });
    expect(await sessions.read(await sessions.encode({}, false))).toMatchObject({
      ok: true,
      payload: { createdAt: NOW },
    });
  });

  it("is measured as the cookie that it would be", async () => {
    const large = Object.fromEntries(Array.from({ length: 500 }, (_, key) => [key, Math.sin(key)]));
    const sessions = await sessionsWith();
    await thrownBy(() => sessions.encode(large, false), SessionTooLargeError);
  });
});
