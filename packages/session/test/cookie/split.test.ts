import { describe, expect, it } from "vitest";
import { serializeCookie } from "../../src/cookie/set-cookie.ts";
import { MAX_CHUNKED_BYTES, splitCookie } from "../../src/cookie/split.ts";
import { cookieOf } from "../support/cookies.ts";

/** What name and attributes take of the everyday cookie's 4096 bytes. */
const FRAME = "session=; Path=/; HttpOnly; SameSite=Lax".length;

describe("a cookie", () => {
  it("that is too long is split into as few as hold it, each of which fits", () => {
    for (const [length, names] of [
      [4096 - FRAME + 1, ["session.0", "session.1"]],
      [2 * (4096 - FRAME - 2) - 2, ["session.0", "session.1"]],
      [2 * (4096 - FRAME - 2) - 1, ["session.0", "session.1", "session.2"]],
      [MAX_CHUNKED_BYTES - 2, ["session.0", "session.1", "session.2", "session.3"]],
    ] as const) {
      const chunks = splitCookie(cookieOf(length)) ?? [];
      expect(chunks.map(({ name }) => name)).toEqual(names);
      expect(chunks[0]?.value.startsWith(`${names.length}~abc`)).toBe(true);
      for (const chunk of chunks) {
        expect(serializeCookie(chunk).length).toBeLessThanOrEqual(4096);
        expect(chunk).toMatchObject({ path: "/", httpOnly: true, sameSite: "lax" });
      }
    }
  });

  it("that is too long for chunks is not split", () => {
    expect(splitCookie(cookieOf(MAX_CHUNKED_BYTES - 1))).toBeUndefined();
  });
});
