import type { Lifetime } from "../session/lifetime.ts";
import { refusal } from "./checks.ts";
import { toSeconds } from "./duration.ts";
import type { SessionOptions } from "./options.ts";

export function checkedLifetime(
  options: SessionOptions,
  /** Unix time in seconds. */
  now: number,
): Lifetime {
  const permanentLifetime = toSeconds(
    "permanentLifetime",
    options.permanentLifetime ?? { days: 31 },
    { least: 1, now },
  );
  const refreshAfter = toSeconds(
    "refreshAfter",
    options.refreshAfter ?? Math.min(86_400, permanentLifetime / 2),
    { least: 0, now },
  );
  if (refreshAfter > permanentLifetime) {
    throw refusal(
      "refreshAfter",
      options.refreshAfter,
      `at most \`permanentLifetime\` (${permanentLifetime} seconds), or every session would end before its refresh`,
    );
  }
  const absoluteLifetime =
    options.absoluteLifetime === undefined
      ? undefined
      : toSeconds("absoluteLifetime", options.absoluteLifetime, { least: 1, now });
  return { permanentLifetime, refreshAfter, absoluteLifetime };
}
