import type { PublicTimes } from "../core/public-session.ts";

/**
 * Milliseconds after which a timer looks at the clock once more: it stands still while the computer
 * sleeps, and setTimeout() ends a wait of more than 24.8 days at once.
 */
const LONGEST_TIMEOUT = 10_000;

/** Milliseconds: the server counts whole seconds, and accepts a session to the end of its last one. */
const LAST_SECOND = 1000;

/** The server's clock, as far as a browser knows it. The browser's own can be wrong by hours. */
export interface ServerClock {
  /** Learns the time from a session that the server has sent. */
  learn(session: PublicTimes): void;
  /** Milliseconds until a session is no longer accepted, never too few. Without a session, NaN. */
  left(session: PublicTimes): number;
  /** Calls back when this many milliseconds are left, and not earlier. Returns a function that cancels it. */
  whenLeft(milliseconds: number, session: PublicTimes, callback: () => void): () => void;
}

export function serverClock(): ServerClock {
  /** Milliseconds by which the browser's clock is ahead of the server's. */
  let ahead = Infinity;
  const left = ({ expiresAt }: PublicTimes) => Number(expiresAt) + LAST_SECOND - Date.now() + ahead;
  return {
    learn(session) {
      const seen = Date.now() - Number(session.readAt);
      // An answer may have been on its way, or prefetched, for minutes. That only makes it look later.
      ahead = Math.min(ahead, seen);
      // The server accepted it a moment ago: the browser's clock was set since the last answer.
      if (left(session) <= 0) ahead = seen;
    },
    left,
    whenLeft(milliseconds, session, callback) {
      const check = () => {
        const wait = left(session) - milliseconds;
        if (wait > 0) timer = setTimeout(check, Math.min(wait, LONGEST_TIMEOUT));
        else callback();
      };
      let timer = setTimeout(check);
      return () => clearTimeout(timer);
    },
  };
}
