import { afterEach, beforeEach, vi } from "vitest";
import { NOW } from "./fixed.ts";

/** For iron-session and iron-webcrypto, which take the time from `Date`: it stands still in each test. */
export function stopDate(): void {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["Date"], now: NOW * 1000 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
}
