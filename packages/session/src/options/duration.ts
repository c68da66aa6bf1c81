import { refusal } from "./checks.ts";

/**
 * A length of time: a number of **seconds**, or parts that are added up, as in Python's `timedelta`.
 *
 * @example
 * { days: 31 }
 * { hours: 1, minutes: 30 }
 * 5400
 */
export type Duration =
  | number
  | {
      readonly days?: number | undefined;
      readonly hours?: number | undefined;
      readonly minutes?: number | undefined;
      readonly seconds?: number | undefined;
    };

const SECONDS_IN = { days: 86_400, hours: 3_600, minutes: 60, seconds: 1 } as const;

/** 9999-12-31T23:59:59Z in Unix seconds: the last date that fits a cookie's Expires attribute. */
const LAST_COOKIE_DATE = 253_402_300_799;

/** The duration in whole seconds. */
export function toSeconds(
  option: string,
  given: unknown,
  { least, now }: { least: 0 | 1; now: number },
): number {
  const seconds = typeof given === "number" ? given : sumOfParts(given);
  if (seconds === undefined || !Number.isFinite(seconds)) {
    throw refusal(
      option,
      given,
      "a number of seconds such as 3600, or parts such as { days: 31 } (days, hours, minutes, seconds)",
    );
  }
  const whole = Math.floor(seconds);
  if (whole < least) {
    throw refusal(option, given, least === 1 ? "one second or more" : "zero seconds or more");
  }
  if (now + whole > LAST_COOKIE_DATE) {
    throw refusal(option, given, "a time that ends by the year 9999, the last in a cookie's date");
  }
  return whole;
}

function sumOfParts(given: unknown): number | undefined {
  if (typeof given !== "object" || given === null || Array.isArray(given)) return undefined;
  let sum = 0;
  const parts = Object.entries(given).filter(([, amount]) => amount !== undefined);
  for (const [unit, amount] of parts) {
    if (!Object.hasOwn(SECONDS_IN, unit) || typeof amount !== "number") return undefined;
    sum += amount * SECONDS_IN[unit as keyof typeof SECONDS_IN];
  }
  return parts.length > 0 ? sum : undefined;
}
