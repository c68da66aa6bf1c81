import { processGlobal } from "../runtime/process-global.ts";

/** Runs tasks of one key one after the other, in the order of the calls, within this process. */
export function oneAtATime<Result>(key: string, task: () => Promise<Result>): Promise<Result> {
  const locks = processGlobal("locks", () => new Map<string, Promise<unknown>>());
  const result = (locks.get(key) ?? Promise.resolve()).then(task);
  const settled = result
    .catch(() => {})
    .then(() => {
      if (locks.get(key) === settled) locks.delete(key);
    });
  locks.set(key, settled);
  return result;
}
