import { afterAll, beforeAll, describe } from "vitest";
import { Redis, redisProgram } from "../../../../scripts/redis.mjs";

/**
 * A `describe` whose tests have so many Redis servers of their own. Where there is no Redis it is
 * installed, if this machine lets us; else the suite fails in CI and is skipped, with a warning, on a
 * developer's machine.
 */
export function describeWithRedis(
  name: string,
  { servers = 1, options = [] as string[] },
  suite: (redis: Redis[]) => void,
): void {
  const program = redisProgram();
  if (!program && !process.env.CI) {
    console.warn(`SKIPPED, since there is no Redis here (apt-get install redis-server): ${name}`);
    describe.skip(name, () => suite([]));
    return;
  }
  describe(name, { timeout: 60_000 }, () => {
    if (!program) throw new Error("There is no Redis: apt-get install redis-server");
    const running: Redis[] = [];
    beforeAll(async () => {
      for (let n = 0; n < servers; n++) running.push(await Redis.start(program, ...options));
    }, 60_000);
    afterAll(async () => {
      for (const redis of running) await redis.stop();
    });
    suite(running);
  });
}
