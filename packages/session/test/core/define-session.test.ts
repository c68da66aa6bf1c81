import { describe, expect, it, vi } from "vitest";
import { defineSession } from "../../src/core/define-session.ts";
import {
  SessionSecretError,
  SessionSerializationError,
  SessionTooLargeError,
} from "../../src/errors/errors.ts";
import type { SessionOptions } from "../../src/options/options.ts";
import golden from "../golden/signed/golden.json" with { type: "json" };
import { define } from "../support/definition.ts";
import { DAY, NOW, OLDER_SECRET, SECRET, stoppedClock } from "../support/fixed.ts";
import { thrownBy } from "../support/thrown.ts";

const { token } = golden.payloads["the visit counter"];
const url = "http://localhost:3000/";

describe("a definition", () => {
  it("checks nothing until the first session is asked for", async () => {
    const { getSession, encode, decode } = define({ secret: "short", name: "a b" });
    for (const act of [
      () => getSession(new Request(url), new Headers()),
      () => encode({}),
      () => decode(token),
    ]) {
      await thrownBy(act, SessionSecretError);
    }
  });

  it("that is wrong says so at every call, not only at the first", async () => {
    const { encode } = define({ secret: "short" });
    await thrownBy(() => encode({}), SessionSecretError);
    await thrownBy(() => encode({}), SessionSecretError);
  });

  it("finds a secret that came into the environment after it was made", async () => {
    vi.stubEnv("SESSION_SECRET", "");
    const { encode } = define({ secret: undefined });
    expect((await thrownBy(() => encode({}), SessionSecretError)).code).toBe(
      "ERR_SESSION_SECRET_MISSING",
    );
    vi.stubEnv("SESSION_SECRET", SECRET);
    expect(await encode({ visits: 3 })).toBe(token);
  });

  it("reads its options once", async () => {
    const options = { secret: SECRET, clock: stoppedClock() };
    const { encode } = defineSession(options);
    expect(await encode({ visits: 3 })).toBe(token);
    options.secret = "short";
    expect(await encode({ visits: 3 })).toBe(token);
  });

  it("has functions that need no object in front, so that they can be exported one by one", () => {
    const { getSession, encode, decode } = define();
    expect([getSession, encode, decode].map((one) => typeof one)).toEqual(
      Array(3).fill("function"),
    );
  });
});

describe("encode", () => {
  it("gives the golden cookie", async () => {
    expect(await define().encode({ visits: 3 })).toBe(token);
    expect(await define().encode({ visits: 1 }, { permanent: true })).toBe(
      golden.payloads["a permanent session"].token,
    );
  });

  it("throws for what cannot be kept, and for what would not fit", async () => {
    const { encode } = define();
    await thrownBy(() => encode({ visits: Number.NaN }), SessionSerializationError);
    const cart = Object.fromEntries(Array.from({ length: 999 }, (_, i) => [i, `${Math.sin(i)}`]));
    await thrownBy(() => encode({ cart }), SessionTooLargeError);
  });
});

describe("decode", () => {
  it("gives the data, whether it is permanent, and when it was issued", async () => {
    expect(await define().decode(token)).toEqual({
      ok: true,
      data: { visits: 3 },
      permanent: false,
      issuedAt: new Date("2023-11-14T22:13:20Z"),
    });
    expect(await define().decode(golden.payloads["a permanent session"].token)).toMatchObject({
      permanent: true,
    });
  });

  it.each<[string, string, SessionOptions]>([
    ["malformed", "", {}],
    ["malformed", "nonsense", {}],
    ["bad-signature", `${token}A`, {}],
    ["bad-signature", token, { name: "other" }],
    ["bad-signature", token, { secret: OLDER_SECRET }],
    ["expired", token, { clock: stoppedClock(NOW + 31 * DAY + 1) }],
    ["not-yet-valid", token, { clock: stoppedClock(NOW - 61) }],
    ["too-old", token, { absoluteTimeout: 1, clock: stoppedClock(NOW + 2) }],
  ])("answers %s for %s", async (reason, value, options) => {
    const onReject = vi.fn();
    expect(await define({ ...options, onReject }).decode(value)).toEqual({ ok: false, reason });
    expect(onReject).not.toHaveBeenCalled();
  });
});

describe("decode of what is no text", () => {
  it.each([undefined, null, 7, ["a"], {}, Symbol("x")])("%s is malformed", async (value) => {
    expect(await define().decode(value as never)).toEqual({ ok: false, reason: "malformed" });
  });
});
