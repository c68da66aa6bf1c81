import { describe, expect, it, vi } from "vitest";
import { RecordStore } from "../../src/store/store.ts";
import { STORES } from "../support/memory-store.ts";

// Each update is then in a process of its own, whose locks are not those of the others.
vi.mock("../../src/store/locks.ts", () => ({
  oneAtATime: (_key: string, task: () => unknown) => task(),
}));

const TTL = 60_000;

describe.each(STORES)("what is final in a store %s", (_which, Store) => {
  it.each(["before it is written", "before its writer has looked again"])(
    "is not undone by another process whose save is under way, %s",
    async (when) => {
      const store = new Store();
      const records = new RecordStore(store, 1000);
      await records.set("key", { value: "old", ttl: TTL });
      const end = async () => {
        store.before = () => {};
        const put = { value: "final", ttl: TTL, isFinal: true };
        await records.update("key", "old", () => ({ outcome: "ended", put }));
      };
      let calls = 0;
      store.before = (operation) => {
        const isSave = operation === "set" || operation === "compareAndSet";
        if (isSave && when === "before it is written") return end();
        if (operation === "get" && ++calls === 2) return end();
        return undefined;
      };
      const seen: string[] = [];
      const outcome = await records.update("key", "old", (current) => {
        seen.push(current);
        if (current === "final") return { outcome: "ended" };
        return { outcome: "saved", put: { value: "late", ttl: TTL } };
      });
      if (outcome !== "saved") expect(seen).toEqual(["old", "final"]);
      await end();
      expect(await records.get("key")).toBe("final");
    },
  );
});
