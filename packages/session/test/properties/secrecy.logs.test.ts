import { inspect } from "node:util";
import { describe, expect, it, vi } from "vitest";
import type { RejectReason } from "../../src/session/lifetime.ts";
import { ALL, Confidential, definition, guardedLog, VALUE } from "../support/confidential.ts";
import { DAY, NOW, stoppedClock } from "../support/fixed.ts";
import { bitFlips } from "../support/forgeries.ts";

const confidential = await Confidential.load();
const log = guardedLog(confidential);

describe("a refused cookie", () => {
  it("is reported in development by its reason alone, in every format", async () => {
    vi.stubEnv("NODE_ENV", "development");
    const clock = stoppedClock();
    for (const format of ["signed", "sealed", "flask"] as const) {
      const sessions = definition({ format, clock, absoluteTimeout: DAY });
      clock.to(NOW);
      const value = await sessions.encode({ value: VALUE });
      confidential.add(value, value.split(/[.*]/).at(-1) as string);
      const open = async (cookie: string) => {
        const request = new Request("https://example.com", { headers: { cookie } });
        return sessions.getSession(request, new Headers());
      };
      for (const forgery of bitFlips(value)) {
        if (/^[\x20-\x7e]+$/.test(forgery.value)) await open(`session=${forgery.value}`);
      }
      for (const seconds of [NOW - 100, NOW + DAY + 1, NOW + 40 * DAY]) {
        clock.to(seconds);
        await open(`session=${value}`);
      }
    }
    const reasons = new Set(log.lines.map((line) => /refused \((.+)\)/.exec(line)?.[1]));
    const expected: RejectReason[] = [
      "bad-signature",
      "expired",
      "malformed",
      "not-yet-valid",
      "too-old",
      "unknown-format",
    ];
    expect([...reasons].sort()).toEqual(expected);
  });

  it("is reported to an onReject that throws, whose failure is logged without it", async () => {
    const onReject = () => {
      throw new Error("the metrics are down");
    };
    const sessions = definition({ onReject });
    const value = await sessions.encode({ value: VALUE });
    confidential.add(value);
    const cookie = `session=${value.slice(0, -1)}`;
    await sessions.getSession(
      new Request("https://example.com", { headers: { cookie } }),
      new Headers(),
    );
    expect(log.lines).toHaveLength(1);
    expect(log.lines[0]).toContain("onReject failed: Error: the metrics are down");
  });
});

it("a session that is logged shows its data, and neither secret nor key", async () => {
  const sessions = definition();
  const session = await sessions.getSession(new Request("https://example.com"), new Headers());
  session.visits = 1;
  const text = inspect(session, ALL) + inspect(sessions, ALL);
  expect(text).toContain("visits: 1");
  expect(confidential.leakedIn(text)).toEqual([]);
});
