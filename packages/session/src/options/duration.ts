import { describeValue } from "../errors/describe.ts";
import { SessionOptionError } from "../errors/errors.ts";

/**
 * A length of time: a number of **seconds**, or its parts as in Python's `timedelta`, which are
 * added up.
 *
 * @example
 * { days: 31 }
 * { hours: 1, minutes: 30 }
 * 5400
 */
export type Duration =
  | number
  | {
      readonly days?: number;
      readonly hours?: number;
      readonly minutes?: number;
      readonly seconds?: number;
    };

const SECONDS_IN = { days: 86_400, hours: 3_600, minutes: 60, seconds: 1 } as const;

/** 9999-12-31T23:59:59Z in Unix seconds: the last second that a cookie's date can name. */
const LAST_COOKIE_DATE = 253_402_300_799;

/** The duration in whole seconds. */
export function toSeconds(
  option: string,
  given: unknown,
  { least, now }: { least: number; now: number },
): number {
  const seconds = typeof given === "number" ? given : sumOfParts(given);
  if (seconds === undefined || !Number.isFinite(seconds)) {
    throw durationRefusal(option, given, "is not a duration");
  }
  const whole = Math.floor(seconds);
  if (whole < least) {
    throw durationRefusal(option, given, least > 0 ? "is shorter than one second" : "is negative");
  }
  if (now + whole > LAST_COOKIE_DATE) {
    throw durationRefusal(
      option,
      given,
      "ends after the year 9999, the last that a cookie's date can name",
    );
  }
  return whole;
}

function sumOfParts(given: unknown): number | undefined {
  if (typeof given !== "object" || given === null || Array.isArray(given)) return undefined;
  let sum = 0;
  const parts = Object.entries(given);
  for (const [unit, amount] of parts) {
    if (!Object.hasOwn(SECONDS_IN, unit) || typeof amount !== "number") return undefined;
    sum += amount * SECONDS_IN[unit as keyof typeof SECONDS_IN];
  }
  return parts.length > 0 ? sum : undefined;
}

function durationRefusal(option: string, given: unknown, what: string): SessionOptionError {
  return new SessionOptionError(
    "ERR_SESSION_OPTION",
    `The session option \`${option}\` ${what}: ${describeValue(given)}. Give a number of seconds, such as 3600, or parts, such as { days: 31 } (days, hours, minutes, seconds).`,
  );
}
