import { describe, expect, it } from "vitest";
import { SessionOptionError } from "../../src/errors/errors.ts";
import { logsOut, robbed } from "../support/advisory-checks.ts";
import {
  ada,
  answer,
  becomesAda,
  definition,
  found,
  type Library,
  loadLibrary,
} from "../support/library.ts";
import { MemoryStore } from "../support/memory-store.ts";
import { thrownBy } from "../support/thrown.ts";

const library = await loadLibrary();

async function strangersReachNoStore(library: Library): Promise<void> {
  const store = new MemoryStore();
  const sessions = definition(library, { store });
  const forged = ["x".repeat(32), "abc.ZVPxAA.x", `${"A".repeat(43)}.ZVPxAA.${"A".repeat(43)}`];
  for (const value of forged) {
    expect(await found(sessions, `session=${value}`)).toEqual({});
  }
  expect(store.calls).toEqual([]);
}

describe("a store gives away nothing, and fills with nothing", () => {
  it("CVE-2019-16782: Rack looked sessions up by the id itself, so that anyone who read the store, or its timing, had it", async () => {
    const store = new MemoryStore();
    const sessions = definition(library, { store });
    const value = await sessions.encode(ada);
    const [id = ""] = value.split(".");
    const [key = ""] = store.entries.keys();
    expect(JSON.stringify([...store.entries])).not.toContain(id);
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(id));
    expect(key).toBe(`session:${Buffer.from(digest).toString("base64url")}`);
    for (const stolen of [key, key.split(":")[1], value.replace(id, key.split(":")[1] ?? "")]) {
      expect(await found(sessions, `session=${stolen}`)).toEqual({});
    }
  });

  it("CVE-2015-5143: Django made a record for each session id that a stranger invented; here the store is not even asked", () =>
    strangersReachNoStore(library));

  it("CVE-2015-5143: nor is one made for an id that was once ours", async () => {
    const store = new MemoryStore();
    const sessions = definition(library, { store });
    const value = await sessions.encode(ada);
    store.entries.clear();
    expect(await found(sessions, `session=${value}`)).toEqual({});
    const [cookie = ""] = (await answer(sessions, `session=${value}`, becomesAda)).getSetCookie();
    expect(cookie, "and a new session has a new id").not.toContain(value.split(".")[0]);
    expect(store.entries.size).toBe(1);
  });

  it("CVE-2015-5963: Django's logout() made an empty record for a stranger", async () => {
    const store = new MemoryStore();
    const sessions = await library.sessionsWith({ store });
    for (let stranger = 0; stranger < 10; stranger++) {
      expect(await new library.Visitor().visits(sessions, logsOut)).toEqual([]);
    }
    expect(store.entries.size).toBe(0);
    const { visitor } = await robbed(library, sessions);
    await visitor.visits(sessions, logsOut);
    expect(store.livingRecords).toEqual([]);
  });

  it("CVE-2025-61686: React Router took an unsigned id for a file's path", async () => {
    const store = new MemoryStore();
    const asked: string[] = [];
    const get = store.get.bind(store);
    store.get = (key) => {
      asked.push(key);
      return get(key);
    };
    const sessions = definition(library, { store });
    const paths = ["../../etc/passwd", "..%2f..%2fetc%2fpasswd", "/etc/passwd", "C:\\windows"];
    for (const path of paths) await found(sessions, `session=${path}; session=${path}.ZVPxAA.x`);
    expect(asked).toEqual([]);
    await found(sessions, `session=${await sessions.encode(ada)}`);
    expect(asked).toEqual([expect.stringMatching(/^session:[\w-]{43}$/)]);
    for (const name of ["../session", "a/b", "a\\b"]) {
      await thrownBy(() => definition(library, { store, name }).encode(ada), SessionOptionError);
    }
  });
});
