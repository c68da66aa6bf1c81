import { expect } from "vitest";

type Class<Thrown> = abstract new (...given: never[]) => Thrown;

/** What `act` throws or rejects with, which must be of this class. */
export async function thrownBy<Thrown extends Error>(
  act: () => unknown,
  expected: Class<Thrown>,
): Promise<Thrown> {
  const nothing = Symbol();
  const thrown = await (async () => {
    await act();
    return nothing;
  })().catch((error: unknown) => error);
  expect(thrown, "it should have thrown").not.toBe(nothing);
  expect(thrown).toBeInstanceOf(expected);
  return thrown as Thrown;
}
