import { expect } from "vitest";
import { SessionOptionError } from "../../src/errors/errors.ts";
import { checkOptions } from "../../src/options/check-options.ts";
import type { SessionOptions } from "../../src/options/options.ts";
import type { Settings } from "../../src/options/settings.ts";
import { SECRET, stoppedClock } from "./fixed.ts";
import { thrownBy } from "./thrown.ts";

/** What becomes of options as a JavaScript user could write them. */
export function settingsOf(options: object = {}): Settings {
  return checkOptions({ secret: SECRET, clock: stoppedClock(), ...options } as SessionOptions);
}

/** The message of the error that these options cause. */
export async function refusalOf(options: object): Promise<string> {
  const error = await thrownBy(() => settingsOf(options), SessionOptionError);
  expect(error.code).toBe("ERR_SESSION_OPTION");
  return error.message;
}
