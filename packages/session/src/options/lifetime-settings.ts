import type { FormatSettings } from "../formats/format.ts";
import type { Lifetime } from "../session/lifetime.ts";
import { refusal } from "./checks.ts";
import { toSeconds } from "./duration.ts";
import type { SessionOptions } from "./options.ts";

export function checkedLifetime(
  options: SessionOptions,
  { format }: FormatSettings,
  defaults: Lifetime,
  /** Unix time in seconds. */
  now: number,
): Lifetime {
  const idleTimeout = toSeconds("idleTimeout", options.idleTimeout ?? defaults.idleTimeout, {
    least: 1,
    now,
  });
  const refreshAfter = toSeconds(
    "refreshAfter",
    options.refreshAfter ?? Math.min(defaults.refreshAfter, idleTimeout / 10),
    { least: 0, now },
  );
  if (refreshAfter > idleTimeout) {
    throw refusal(
      "refreshAfter",
      options.refreshAfter,
      `at most \`idleTimeout\` (${idleTimeout} seconds), or every session would end before its refresh`,
    );
  }
  const absoluteTimeout =
    options.absoluteTimeout === undefined
      ? undefined
      : toSeconds("absoluteTimeout", options.absoluteTimeout, { least: 1, now });
  // Flask refreshes permanent sessions alone, and both must agree on a cookie's age.
  const refreshesAll = options.store !== undefined || format !== "flask";
  return { idleTimeout, refreshAfter, refreshesAll, absoluteTimeout };
}
