/**
 * Turbopack loads this package several times in one process, and only `globalThis` is common to all
 * instances.
 */
const KEY = Symbol.for("next-signed-session.locks");
const shared = globalThis as { [KEY]?: Map<string, Promise<unknown>> };

/** Runs tasks of one key one after the other, in the order of the calls, within this process. */
export function oneAtATime<Result>(key: string, task: () => Promise<Result>): Promise<Result> {
  shared[KEY] ??= new Map();
  const locks = shared[KEY];
  const result = (locks.get(key) ?? Promise.resolve()).then(task);
  const settled = result
    .catch(() => {})
    .then(() => {
      if (locks.get(key) === settled) locks.delete(key);
    });
  locks.set(key, settled);
  return result;
}
