import { describeValue } from "../errors/describe.ts";
import { SessionOptionError } from "../errors/errors.ts";

export function refusal(option: string, given: unknown, allowed: string): SessionOptionError {
  return new SessionOptionError(
    "ERR_SESSION_OPTION",
    `The session option \`${option}\` cannot be ${describeValue(given)}. Allowed: ${allowed}.`,
  );
}

export function refuseUnknown(given: unknown, known: readonly string[], prefix: string): void {
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw refusal(
      prefix.slice(0, -1) || "options",
      given,
      `an object with any of ${known.join(", ")}`,
    );
  }
  for (const key of Object.keys(given)) {
    if (known.includes(key)) continue;
    throw new SessionOptionError(
      "ERR_SESSION_OPTION",
      `There is no session option \`${prefix}${key}\`. Allowed: ${known.join(", ")}.`,
    );
  }
}

export function booleanOr(otherwise: boolean, option: string, given: unknown): boolean {
  if (given === undefined) return otherwise;
  if (typeof given !== "boolean") throw refusal(option, given, "true or false");
  return given;
}

export function functionOr<F extends ((...input: never[]) => unknown) | undefined>(
  otherwise: F,
  option: string,
  given: F | undefined,
): F {
  if (given === undefined) return otherwise;
  if (typeof given !== "function") throw refusal(option, given, "a function");
  return given;
}

export function oneOf<const Value extends string>(
  allowed: readonly Value[],
  option: string,
  given: unknown,
): Value {
  if (!allowed.includes(given as Value)) {
    throw refusal(option, given, allowed.map((value) => JSON.stringify(value)).join(", "));
  }
  return given as Value;
}
