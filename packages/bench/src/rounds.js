const batchMilliseconds = 10;
// Everything is warmed up, since what one task does to code that others share can make V8 compile it again.
const warmUpRounds = 10;

/**
 * Runs every task once a round, in an order shuffled each round, so that whatever the machine does
 * meanwhile falls on all alike and figures of one round can be divided by each other.
 *
 * A task is `(times) => nanoseconds`, or a promise of it. Gives nanoseconds a call, one figure a
 * round, under each task's name. Without `times`, each task runs as often as fills ten milliseconds.
 */
export async function interleave(tasks, { rounds, times }) {
  const names = Object.keys(tasks);
  const calls = {};
  for (const name of names) calls[name] = times ?? (await timesToFillABatch(tasks[name]));

  const samples = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = -warmUpRounds; round < rounds; round++) {
    for (const name of shuffled(names)) {
      const nanoseconds = (await tasks[name](calls[name])) / calls[name];
      if (round >= 0) samples[name].push(nanoseconds);
    }
  }
  return samples;
}

/**
 * A task that calls with each value in turn. A function that answers at once is not made to wait:
 * only a promise is awaited, as its users would.
 */
export function timer(call, values) {
  const answersLater = call(values[0]) instanceof Promise;
  if (answersLater) {
    return async (times) => {
      const began = process.hrtime.bigint();
      for (let turn = 0; turn < times; turn++) await call(values[turn % values.length]);
      return Number(process.hrtime.bigint() - began);
    };
  }
  return (times) => {
    const began = process.hrtime.bigint();
    for (let turn = 0; turn < times; turn++) call(values[turn % values.length]);
    return Number(process.hrtime.bigint() - began);
  };
}

async function timesToFillABatch(task) {
  let times = 8;
  let milliseconds = 0;
  while (milliseconds < 4 * batchMilliseconds) {
    times *= 2;
    milliseconds = (await task(times)) / 1e6;
  }
  return Math.max(1, Math.round((times * batchMilliseconds) / milliseconds));
}

export function shuffled(items) {
  const order = [...items];
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(Math.random() * (last + 1));
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order;
}

/** The median of the rounds, and their middle half, from the 25th to the 75th percentile. */
export function summary(samples) {
  return percentiles(samples, { median: 0.5, p25: 0.25, p75: 0.75 });
}

/** The samples at these parts of all, by the parts' names. */
export function percentiles(samples, parts) {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (part) => sorted[Math.round(part * (sorted.length - 1))];
  return Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, at(part)]));
}

/** How many times `slower` takes as long as `faster`, by the median of the rounds' own ratios. */
export function ratio(slower, faster) {
  return summary(slower.map((value, round) => value / faster[round])).median;
}
