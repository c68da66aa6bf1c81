/*
 * Types are tested by compiling the files `*.test-d.ts`: `npm run typecheck` fails where a line below
 * `@ts-expect-error` compiles, and where any other does not. Nothing in them is run.
 */

type Same<One, Other> =
  (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : false;

/** Compiles if both are the same type. */
export declare function same<One, Other>(
  ...verdict: Same<One, Other> extends true ? [] : [never]
): void;

/** The data of the sessions whose types are tested. */
export interface Data {
  visits: number;
  cart: Record<string, string>;
  seen: Date;
  token: Uint8Array;
  big: bigint;
  tags: Set<string>;
  prices: Map<string, number>;
  user: { name: string; roles: readonly ("admin" | "editor")[] } | null;
  nickname?: string;
}
