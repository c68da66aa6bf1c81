import { beforeEach, describe, expect, it } from "vitest";
import type { SetCookie } from "../../src/cookie/cookie.ts";
import { serializeCookie } from "../../src/cookie/set-cookie.ts";
import { SessionTooLargeError } from "../../src/errors/errors.ts";
import { count } from "../support/acts.ts";
import { thrownBy } from "../support/thrown.ts";
import { type LooseSession, sessionsWith, Visitor } from "../support/visitor.ts";

let visitor: Visitor;

beforeEach(() => {
  visitor = new Visitor();
});

describe("the size of a cookie", () => {
  /** Text that deflate can hardly shorten. */
  const noise = (length: number) => {
    let state = 1;
    return Array.from({ length }, () => {
      state = (state * 48_271) % 2_147_483_647;
      return String.fromCharCode(35 + (state % 57));
    }).join("");
  };
  const holding = (length: number) => (session: LooseSession) => {
    session.a = noise(length);
  };

  it("may be 4096 bytes, name and attributes included, as a browser counts", async () => {
    const sessions = await sessionsWith();
    const fitting: number[] = [];
    const refused: number[] = [];
    for (let length = 3000; length < 4200; length += 50) {
      try {
        const [cookie] = await visitor.visits(sessions, holding(length));
        fitting.push(serializeCookie(cookie as SetCookie).length);
      } catch (error) {
        expect(error).toMatchObject({ code: "ERR_SESSION_TOO_LARGE" });
        refused.push(Number(/\d+/.exec((error as SessionTooLargeError).message)?.[0]));
      }
    }
    expect(Math.max(...fitting)).toBeLessThanOrEqual(4096);
    expect(Math.max(...fitting)).toBeGreaterThan(3900);
    expect(Math.min(...refused)).toBeGreaterThan(4096);
    expect(Math.min(...refused)).toBeLessThan(4300);
  });

  it("counts Expires and Max-Age too", async () => {
    const sessions = await sessionsWith();
    let length = 3000;
    for (; ; length += 10) {
      const fits = await new Visitor().visits(sessions, holding(length)).catch(() => undefined);
      if (!fits) break;
    }
    await thrownBy(
      () =>
        visitor.visits(sessions, (session) => {
          session.permanent = true;
          session.a = noise(length - 10);
        }),
      SessionTooLargeError,
    );
  });

  it("that is too large is an error which names the bytes, the limit and the largest keys", async () => {
    const sessions = await sessionsWith();
    const error = await thrownBy(
      () =>
        visitor.visits(sessions, (session) => {
          Object.assign(session, {
            small: 1,
            cart: { items: noise(4000) },
            note: noise(1000),
            名: "ü".repeat(200),
          });
        }),
      SessionTooLargeError,
    );
    expect(error.message).toMatch(
      /^The session takes \d{4} bytes as a cookie and does not fit in one: a browser drops a cookie of more than 4096, name and attributes included\. Its largest keys, as JSON: cart \(4019 bytes\), note \(1009 bytes\), 名 \(408 bytes\)\. Keep large data on the server and its id in the session, or set `chunk: true` for up to four cookies\.$/,
    );
  });

  it("is made smaller by deflate only where it would not fit", async () => {
    const sessions = await sessionsWith();
    const [small] = await visitor.visits(sessions, (session) =>
      Object.assign(session, { a: "a".repeat(2900) }),
    );
    expect(small?.value.startsWith(".")).toBe(false);
    const [large] = await visitor.visits(sessions, (session) =>
      Object.assign(session, { a: "a".repeat(20_000) }),
    );
    expect(large?.value).toMatch(/^\.eJ/);
    expect(await visitor.finds(sessions)).toEqual({ a: "a".repeat(20_000) });
    expect(await visitor.visits(sessions)).toEqual([]);
  });
});

describe.each(["signed", "sealed"] as const)("a %s session that is to be compressed", (format) => {
  const lines = Array.from({ length: 20 }, (_, id) => ({ id, name: "pineapple", count: 1 }));
  const fill = (session: LooseSession) => Object.assign(session, { lines });

  it("is deflated where that makes it shorter, and reads the same", async () => {
    const plain = await sessionsWith({ format });
    const compressed = await sessionsWith({ format, compress: true });
    const [long] = await new Visitor().visits(plain, fill);
    const [short] = await visitor.visits(compressed, fill);
    expect(short?.value.length).toBeLessThan((long?.value.length ?? 0) / 2);
    expect(await visitor.finds(compressed)).toEqual({ lines });
    expect(await visitor.visits(compressed)).toEqual([]);
  });

  it("is left as it is where deflate would make it longer", async () => {
    const plain = await sessionsWith({ format });
    const compressed = await sessionsWith({ format, compress: true });
    const [cookie] = await visitor.visits(compressed, count);
    const [other] = await new Visitor().visits(plain, count);
    expect(cookie?.value.length).toBe(other?.value.length);
    expect(await visitor.finds(plain)).toEqual({ visits: 1 });
  });

  it("is read by one that is not, and that alone sends no cookie", async () => {
    const plain = await sessionsWith({ format });
    const compressed = await sessionsWith({ format, compress: true });
    await visitor.visits(compressed, fill);
    expect(await visitor.finds(plain)).toEqual({ lines });
    expect(await visitor.visits(plain)).toEqual([]);
  });

  it("is what encode() gives, too", async () => {
    const plain = await sessionsWith({ format });
    const compressed = await sessionsWith({ format, compress: true });
    const [long, short] = await Promise.all(
      [plain, compressed].map((sessions) => sessions.encode({ lines }, false)),
    );
    expect(short?.length).toBeLessThan((long?.length ?? 0) / 2);
  });
});
