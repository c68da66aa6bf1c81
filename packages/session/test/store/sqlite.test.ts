import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "libsql";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { atomicStoreContract, storeContract } from "../../src/store/contract.ts";
import { sqliteStore } from "../../src/store/sqlite.ts";

let folder: string;
const file = (name: string) => join(folder, `${name}.db`);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sessions-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("a SQLite file", () => {
  for (const { name, check } of [...storeContract, ...atomicStoreContract]) {
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
