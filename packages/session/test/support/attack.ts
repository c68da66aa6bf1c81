import fc from "fast-check";
import type { Awaitable } from "../../src/runtime/awaitable.ts";
import { type Forgery, forgeries } from "./forgeries.ts";
import { type Decode, type Format, foreignTo, genuine } from "./genuine-cookies.ts";

/** Milliseconds of the processor, for one value. */
export const MOST_TIME = 5;

export const tally = {
  tries: 0,
  accepted: 0,
  threw: 0,
  slowest: 0,
  byTarget: new Map<string, number>(),
};

export function count(target: string, milliseconds: number): void {
  tally.tries++;
  if (target !== "request") tally.slowest = Math.max(tally.slowest, milliseconds);
  tally.byTarget.set(target, (tally.byTarget.get(target) ?? 0) + 1);
}

/** Milliseconds of the processor, all threads: a busy machine makes a try wait, and not slow. */
export function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Compiling and collecting garbage count as well: only what is slow each time is slow. */
export async function timed<Result>(
  most: number,
  act: () => Awaitable<Result>,
): Promise<[Result, number]> {
  let least = Number.POSITIVE_INFINITY;
  for (let attempt = 0; ; attempt++) {
    const started = processorTime();
    const result = await act();
    least = Math.min(least, processorTime() - started);
    if (least < most || attempt === 20) return [result, least];
  }
}

/** fast-check's own report would show all 64 KB of a value. */
export function reporter<T>({ failed, errorInstance, numRuns, seed }: fc.RunDetails<T>): void {
  if (failed) throw new Error(`${String(errorInstance)} (try ${numRuns}, FUZZ_SEED=${seed})`);
}

/** @throws where the value is accepted, or makes `decode` throw or take long. */
export async function attack(
  target: string,
  decode: Decode,
  { kind, value }: Forgery,
): Promise<void> {
  const shown = `${kind}: ${JSON.stringify(value.slice(0, 400))}`;
  const [result, milliseconds] = await timed(MOST_TIME, async () => {
    try {
      return await decode(value);
    } catch (error) {
      tally.threw++;
      throw new Error(`it threw ${error} at ${shown}`);
    }
  });
  count(target, milliseconds);
  if (result.ok) {
    tally.accepted++;
    throw new Error(`it accepted ${shown}`);
  }
  if (milliseconds > MOST_TIME) throw new Error(`it took ${milliseconds} ms for ${shown}`);
}

export function fuzz(
  target: Format,
  decode: Decode,
  settings: fc.Parameters<[Forgery]>,
): Promise<void> {
  const forgery = forgeries(genuine[target], foreignTo(target));
  return fc.assert(
    fc.asyncProperty(forgery, (one) => attack(target, decode, one)),
    { reporter, ...settings },
  );
}
