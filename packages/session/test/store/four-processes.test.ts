import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Redis } from "../../../../scripts/redis.mjs";
import { SessionProcess } from "../support/processes.ts";
import { describeWithRedis } from "../support/redis.ts";

const PROCESSES = 4;
const REQUESTS = 50;

const itemsOf = (process: number, round = 0) =>
  Array.from({ length: REQUESTS }, (_, index) => `item ${process} ${round} ${index}`);

/** What holds in any store that several processes share. Answers the processes. */
function describeProcesses(
  addressOf: () => string,
  { isPatient = false } = {},
): () => readonly SessionProcess[] {
  let processes: SessionProcess[];
  const [first, second] = [
    () => processes[0] as SessionProcess,
    () => processes[1] as SessionProcess,
  ];
  const inEach = <Result>(act: (process: SessionProcess, number: number) => Promise<Result>) =>
    Promise.all(processes.map(act));

  beforeAll(async () => {
    processes = await Promise.all(
      Array.from({ length: PROCESSES }, () => SessionProcess.start(addressOf())),
    );
  }, 60_000);
  afterAll(async () => {
    for (const process of processes) await process.kill();
  });

  it("keeps the changes of 200 requests at once", async () => {
    const cookie = await first().ask("encode", { data: { cart: {} } });
    await inEach((process, number) => process.ask("add", { cookie, items: itemsOf(number) }));
    const { cart } = await second().ask<{ cart: object }>("read", { cookie });
    expect(Object.keys(cart)).toHaveLength(PROCESSES * REQUESTS);
  });

  it("keeps a session ended that one process ends while the others save", async () => {
    for (let round = 0; round < 5; round++) {
      const cookie = await first().ask("encode", { data: { cart: {} } });
      await inEach((process, number) =>
        number === 0
          ? process.ask("end", { cookie })
          : process.ask("add", { cookie, items: itemsOf(number) }),
      );
      for (const process of processes) {
        expect(await process.ask("read", { cookie })).toBeUndefined();
      }
    }
  });

  describe("refreshes a token once", () => {
    let provider: Server;
    let calls = 0;
    /** Does the provider answer its next call? */
    let answers = true;
    const url = () => `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;

    beforeEach(async () => {
      calls = 0;
      answers = true;
      provider = createServer((_request, response) => {
        calls++;
        if (answers) setTimeout(() => response.end(`token ${calls}`), 300);
      });
      await once(provider.listen(0, "127.0.0.1"), "listening");
    });
    afterEach(async () => {
      provider.closeAllConnections();
      await new Promise((resolve) => provider.close(resolve));
    });

    it("for 200 requests in two processes, and all get the new one", async () => {
      const cookie = await first().ask("encode", { data: { token: "stale" } });
      const asked = { cookie, count: 100, provider: url() };
      const tokens = await Promise.all(
        [first(), second()].map((process) => process.ask<string[]>("once", asked)),
      );
      expect(tokens.flat()).toEqual(Array(200).fill("token 1"));
      expect(calls).toBe(1);
      expect(await first().ask("read", { cookie })).toEqual({ token: "token 1" });
    });

    // The leases are the same in any store, and the test takes as long as one.
    if (isPatient)
      it("and once more if the process that does it is killed, when its lease is over", async () => {
        const another = await SessionProcess.start(addressOf());
        const cookie = await first().ask("encode", { data: { token: "stale" } });
        const asked = { cookie, count: 100, provider: url() };
        answers = false;
        const lost = another.ask("once", asked);
        lost.catch(() => {});
        await expect.poll(() => calls).toBe(1);
        answers = true;
        const started = performance.now();
        const tokens = second().ask<string[]>("once", asked);
        await another.kill();
        await expect(lost).rejects.toThrow("ended before it answered");
        expect(await tokens).toEqual(Array(100).fill("token 2"));
        expect(calls).toBe(2);
        expect(performance.now() - started).toBeLessThan(12_000);
        expect(await second().ask("read", { cookie })).toEqual({ token: "token 2" });
      });
  });

  return () => processes;
}

describe("a SQLite file that four processes share", { timeout: 60_000 }, () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "sessions-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  describeProcesses(() => join(folder, "sessions.db"), { isPatient: true });
});

describeWithRedis("a Redis that four processes share", {}, (servers) => {
  const processes = describeProcesses(() => servers[0]?.url as string);

  it("loses no change that was acknowledged when it is killed among them and started again", async () => {
    const redis = servers[0] as Redis;
    const [first] = processes() as [SessionProcess];
    const cookie = await first.ask("encode", { data: { cart: {} } });
    let acknowledge = () => {};
    const isAcknowledged = new Promise<void>((resolve) => {
      acknowledge = resolve;
    });
    const rounds = processes().map(async (process, number) => {
      const saved: string[] = [];
      for (let round = 0; round < 3; round++) {
        const items = itemsOf(number, round);
        // A request that cannot read its session fails, and acknowledges nothing.
        saved.push(...(await process.ask<string[]>("add", { cookie, items }).catch(() => [])));
        acknowledge();
      }
      return saved;
    });
    await isAcknowledged;
    await redis.kill();
    await redis.start();
    const acknowledged = (await Promise.all(rounds)).flat();
    const { cart } = await first.ask<{ cart: object }>("read", { cookie });
    expect(acknowledged.length).toBeGreaterThan(REQUESTS);
    expect(acknowledged.filter((item) => !Object.hasOwn(cart, item))).toEqual([]);
  });
});
