import { beforeEach, describe, expect, it, vi } from "vitest";
import { defineSession } from "../../src/core/define-session.ts";
import type { SessionManager } from "../../src/core/session-manager.ts";
import type { SessionOptions } from "../../src/options/options.ts";
import { NOW, SECRET } from "../support/fixed.ts";
import { type MemoryStore, STORES } from "../support/memory-store.ts";
import { sessionsWith, Visitor } from "../support/visitor.ts";

describe.each(STORES)("a session in a store %s", (_which, Store) => {
  let store: MemoryStore;
  let visitor: Visitor;
  let sessions: SessionManager;

  const withStore = (options: SessionOptions = {}) => sessionsWith({ store, ...options });

  beforeEach(async () => {
    store = new Store();
    visitor = new Visitor();
    sessions = await withStore();
  });

  describe("by a function that opens the store", () => {
    it("is kept in what it gives", async () => {
      sessions = await withStore({ store: async () => store });
      await visitor.visits(sessions, (session) => {
        session.visits = 1;
      });
      expect(store.record).toEqual([NOW, { visits: 1 }]);
    });

    it("fails while that fails, and then no longer", async () => {
      const cause = new Error("no such host");
      const open = vi
        .fn(() => store)
        .mockImplementationOnce(() => {
          throw cause;
        });
      const { encode } = defineSession({ secret: SECRET, store: open });
      await expect(encode({ visits: 1 })).rejects.toMatchObject({
        name: "SessionStoreError",
        code: "ERR_SESSION_STORE",
        cause,
      });
      await encode({ visits: 1 });
      await encode({ visits: 2 });
      expect(open).toHaveBeenCalledTimes(2);
    });

    it("reports a function that returns no store", async () => {
      const { encode } = defineSession({ secret: SECRET, store: () => ({}) as never });
      await expect(encode({})).rejects.toMatchObject({ code: "ERR_SESSION_OPTION" });
    });
  });
});
