/** A secret of the tests', long enough to be taken. */
export const SECRET = "first-secret-of-the-tests-0123456789";
export const OLDER_SECRET = "older-secret-of-the-tests-0123456789";

/** 2023-11-14T22:13:20Z in Unix seconds: the present in every test that does not say otherwise. */
export const NOW = 1_700_000_000;

export const DAY = 86_400;

/** For a session object whose age does not matter. */
export const AGE = {
  issuedAt: NOW,
  now: NOW,
  lifetime: { idleTimeout: DAY, refreshAfter: DAY, refreshesAll: true, absoluteTimeout: undefined },
};

/** A clock for the option `clock`, in milliseconds. It stands still until a test moves it. */
export function stoppedClock(seconds = NOW) {
  let milliseconds = seconds * 1000;
  const clock = () => milliseconds;
  return Object.assign(clock, {
    to(newSeconds: number) {
      milliseconds = newSeconds * 1000;
    },
    pass(moreSeconds: number) {
      milliseconds += moreSeconds * 1000;
    },
  });
}
