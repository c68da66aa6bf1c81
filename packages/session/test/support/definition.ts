import { defineSession } from "../../src/core/define-session.ts";
import type { SessionOptions } from "../../src/options/options.ts";
import { SECRET, stoppedClock } from "./fixed.ts";

interface Data {
  visits: number;
  cart: Record<string, string>;
  when: Date;
}

/** What each test says of its options goes over these. */
export const define = (options: SessionOptions = {}) =>
  defineSession<Data>({
    secret: SECRET,
    clock: stoppedClock(),
    onReject: () => {},
    ...options,
  } as SessionOptions & { schema?: undefined });
