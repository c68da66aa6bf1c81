import type { UserId, UserOf } from "../homes/user-groups.ts";
import { refusal, refuseUnknown } from "./checks.ts";
import { toSeconds } from "./duration.ts";
import type { RevocationOptions } from "./options.ts";

export interface RevocationSettings {
  readonly userOf: UserOf;
  readonly before: (userId: UserId) => unknown;
  /** Seconds. */
  readonly cacheFor: number;
}

export function checkedRevocation(
  given: RevocationOptions | undefined,
  userOf: UserOf | undefined,
  /** Unix time in seconds. */
  now: number,
): RevocationSettings | undefined {
  if (given === undefined) return undefined;
  refuseUnknown(given, ["before", "cacheFor"], "revocation.");
  const { before } = given;
  if (typeof before !== "function") throw refusal("revocation.before", before, "a function");
  if (!userOf) {
    throw refusal("userOf", userOf, "a function, since `revocation` must know whose session it is");
  }
  const cacheFor = toSeconds("revocation.cacheFor", given.cacheFor ?? 0, { least: 0, now });
  return { userOf, before, cacheFor };
}
