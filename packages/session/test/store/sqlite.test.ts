import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import Database from "libsql";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { atomicStoreContract, storeContract } from "../../src/store/contract.ts";
import { groupStoreContract } from "../../src/store/group-contract.ts";
import { sqliteStore } from "../../src/store/sqlite.ts";
import { RecordStore } from "../../src/store/store.ts";

const contract = [...storeContract, ...atomicStoreContract, ...groupStoreContract];

let folder: string;
const file = (name: string) => join(folder, `${name}.db`);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sessions-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("a SQLite file", () => {
  for (const { name, check } of contract) {
    it(name, () => check(sqliteStore(new Database(file("contract")))));
  }

  it("keeps what it holds when it is closed and opened again", () => {
    const database = new Database(file("reopened"));
    sqliteStore(database).set("key", "value", 60_000);
    database.close();
    expect(sqliteStore(new Database(file("reopened"))).get("key")).toBe("value");
  });

  it("may be open twice, as by two processes", () => {
    const one = sqliteStore(new Database(file("shared")));
    const two = sqliteStore(new Database(file("shared")));
    one.set("key", "1", 60_000);
    expect(two.compareAndSet("key", "1", "2", 60_000)).toBe(true);
    expect(one.compareAndSet("key", "1", "3", 60_000)).toBe(false);
    expect(one.get("key")).toBe("2");
  });

  it("is rid of what has expired at the next write, at most once a minute", () => {
    vi.useFakeTimers({ now: 1_700_000_000_000, toFake: ["Date"] });
    const database = new Database(file("swept"));
    const store = sqliteStore(database);
    const count = () =>
      (database.prepare("SELECT count(*) AS n FROM sessions").get() as { n: number }).n;
    store.set("short", "value", 1000);
    vi.setSystemTime(Date.now() + 1001);
    expect(store.get("short")).toBeUndefined();
    store.set("long", "value", 600_000);
    expect(count()).toBe(2);
    vi.setSystemTime(Date.now() + 60_000);
    store.compareAndSet("long", "value", "other", 600_000);
    expect(count()).toBe(1);
    vi.useRealTimers();
  });

  it("forgets a user's sessions when their time is over", () => {
    vi.useFakeTimers({ now: 1_700_000_000_000, toFake: ["Date"] });
    const database = new Database(file("members"));
    const store = sqliteStore(database);
    const count = () =>
      (database.prepare("SELECT count(*) AS n FROM session_groups").get() as { n: number }).n;
    for (let n = 0; n < 100; n++) store.addMember("session:user:9", `${n}`, 1000);
    store.addMember("session:user:9", "long", 600_000);
    store.set("session:long", "[1,{}]", 600_000);
    vi.setSystemTime(Date.now() + 60_000);
    store.set("session:long", "[2,{}]", 600_000);
    expect(count()).toBe(1);
    vi.useRealTimers();
  });

  it("does not count what has expired as the value to expect", () => {
    vi.useFakeTimers({ now: 1_700_000_000_000, toFake: ["Date"] });
    const store = sqliteStore(new Database(file("expired")));
    store.set("key", "value", 1000);
    vi.setSystemTime(Date.now() + 1001);
    expect(store.compareAndSet("key", "value", "other", 1000)).toBe(false);
    expect(store.compareAndSet("key", "value", undefined, 1000)).toBe(false);
    vi.useRealTimers();
  });
});

/** How often this process could do something else meanwhile, such as answer another request. */
async function pausesDuring(act: () => Promise<unknown>): Promise<number> {
  let pauses = 0;
  const timer = setInterval(() => pauses++, 5);
  await act();
  clearInterval(timer);
  return pauses;
}

describe("a SQLite file that another process has locked", () => {
  const LOCKED = 1500;
  const lockedFor = async (name: string, milliseconds: number, begin = "BEGIN IMMEDIATE") => {
    const other = new Database(file(name));
    other.exec(begin);
    await pause(milliseconds);
    other.exec("COMMIT");
    other.close();
  };

  it("keeps no other request waiting, and is written to once it is free", async () => {
    const store = sqliteStore(new Database(file("locked")));
    const records = new RecordStore(store, 10_000);
    const visitors = ["a", "b", "c"];
    const pauses = await pausesDuring(() =>
      Promise.all([
        lockedFor("locked", LOCKED),
        ...visitors.map((key) => records.set(key, { value: key, ttl: 60_000 })),
      ]),
    );
    expect(pauses).toBeGreaterThan(LOCKED / 50);
    expect(visitors.map((key) => store.get(key))).toEqual(visitors);
  });

  it("is read meanwhile", async () => {
    const records = new RecordStore(sqliteStore(new Database(file("read"))), 10_000);
    await records.set("key", { value: "value", ttl: 60_000 });
    const unlocked = lockedFor("read", LOCKED);
    const writing = records.set("key", { value: "other", ttl: 60_000 });
    const tooLate = unlocked.then(() => "too late");
    expect(await Promise.race([records.get("key"), tooLate])).toBe("value");
    await Promise.all([unlocked, writing]);
    expect(await records.get("key")).toBe("other");
  });

  it("is an error with SQLite's own as cause when storeTimeout is over, and nothing is written later", async () => {
    const store = sqliteStore(new Database(file("timeout")));
    const unlocked = lockedFor("timeout", LOCKED);
    await expect(
      new RecordStore(store, 200).set("key", { value: "value", ttl: 60_000 }),
    ).rejects.toMatchObject({
      code: "ERR_SESSION_STORE_TIMEOUT",
      cause: expect.objectContaining({ code: "SQLITE_BUSY" }),
    });
    await unlocked;
    await pause(100);
    expect(store.get("key")).toBeUndefined();
  });

  it("is opened without waiting, and made ready by the first request that finds it free", async () => {
    const pauses = await pausesDuring(async () => {
      const unlocked = lockedFor("fresh", LOCKED, "BEGIN EXCLUSIVE");
      const records = new RecordStore(sqliteStore(new Database(file("fresh"))), 10_000);
      expect(await records.get("key")).toBeUndefined();
      await records.set("key", { value: "value", ttl: 60_000 });
      expect(await records.get("key")).toBe("value");
      await unlocked;
    });
    expect(pauses).toBeGreaterThan(LOCKED / 50);
  });

  it("cannot be opened where it is no database at all, and that is an error at once", () => {
    writeFileSync(
      file("text"),
      "This is no database, and it is long enough to look like one.".repeat(20),
    );
    expect(() => sqliteStore(new Database(file("text")))).toThrow(/not a database/);
  });
});

describe("a SQLite file with very many expired sessions", () => {
  const expired = 20_000;
  const filled = (name: string) => {
    const database = new Database(file(name));
    sqliteStore(database);
    database.exec(
      `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${expired})
       INSERT INTO sessions SELECT 'expired' || i, 'value', 1 FROM n`,
    );
    const count = () =>
      (
        database.prepare("SELECT count(*) AS n FROM sessions WHERE expires = 1").get() as {
          n: number;
        }
      ).n;
    return { store: sqliteStore(database), count };
  };

  it("is rid of some hundreds at one write", () => {
    const { store, count } = filled("many");
    store.set("key", "value", 60_000);
    expect(expired - count()).toBeGreaterThanOrEqual(100);
    expect(expired - count()).toBeLessThan(1000);
  });

  it("is rid of all of them in time, some at each write that is a moment after the last", () => {
    vi.useFakeTimers({ now: 1_700_000_000_000, toFake: ["Date"] });
    const { store, count } = filled("all");
    let writes = 0;
    while (count() > 0) {
      store.set("key", `${++writes}`, 60_000);
      vi.setSystemTime(Date.now() + 100);
    }
    expect(writes).toBeLessThanOrEqual(expired / 100);
    expect(store.get("key")).toBe(`${writes}`);
    vi.useRealTimers();
  });

  it("does not do so at each of the writes that follow at once", () => {
    vi.useFakeTimers({ now: 1_700_000_000_000, toFake: ["Date"] });
    const { store, count } = filled("burst");
    store.set("key", "1", 60_000);
    const left = count();
    for (let n = 0; n < 50; n++) store.set("key", `${n}`, 60_000);
    expect(count()).toBe(left);
    vi.useRealTimers();
  });
});
