import { DEFAULT_NAMES } from "../cookie/default-names.ts";

/** A cookie as it was passed to the command. */
export interface GivenCookie {
  /** Absent if only a value was passed. */
  readonly name?: string | undefined;
  readonly value: string;
}

/**
 * Finds the cookie in a value, in `name=value`, or in a whole Cookie or Set-Cookie header, with or without
 * the header's name.
 */
export function givenCookie(text: string, wantedName: string | undefined): GivenCookie {
  const header = text.trim().replace(/^(set-)?cookie:\s*/i, "");
  const pairs = header.split(/;\s*/).map((pair): GivenCookie => {
    const [, name, value] = /^([^=;\s]+)=(.+)$/.exec(pair) ?? [];
    return { name, value: value ?? pair };
  });
  const names: readonly string[] = wantedName === undefined ? DEFAULT_NAMES : [wantedName];
  const found = pairs.find(({ name }) => name !== undefined && names.includes(name));
  return found ?? (pairs[0] as GivenCookie);
}
