import { beforeEach, describe, expect, it, vi } from "vitest";
import type { SessionManager } from "../../src/core/session-manager.ts";
import { endSession } from "../../src/core/stored-sessions.ts";
import { type MemoryStore, STORES } from "../support/memory-store.ts";
import { holdAnswer, tokenProvider } from "../support/token-provider.ts";
import { copyOf, type LooseSession, sessionsWith, Visitor } from "../support/visitor.ts";

describe.each(STORES)("session.once(), in a store %s,", (_which, Store) => {
  let store: MemoryStore;
  let visitor: Visitor;
  let sessions: SessionManager;
  let onReject: ReturnType<typeof vi.fn<(reason: string) => void>>;
  let refresh: ReturnType<typeof tokenProvider>;

  beforeEach(async () => {
    store = new Store();
    visitor = new Visitor();
    onReject = vi.fn();
    refresh = tokenProvider();
    sessions = await sessionsWith({ store, onReject });
    await visitor.visits(sessions, (session) => {
      session.token = { access: 1 };
    });
  });

  describe("while the session ends or gets a new id,", () => {
    it.each<[string, (session: LooseSession) => unknown]>([
      ["clear()", (session) => session.clear()],
      ["endSession()", (session) => endSession(sessions.home, session.sessionId as string)],
    ])("brings nothing back after %s, and gives undefined", async (_how, end) => {
      const [renewing, waiting] = await visitor.opensMany(sessions, 2);
      const release = holdAnswer(refresh);
      const both = Promise.all(
        [renewing, waiting].map((session) => session.once("token", refresh)),
      );
      await vi.waitFor(() => expect(refresh).toHaveBeenCalled());
      await visitor.visits(sessions, end);
      release();
      expect(await both).toEqual([undefined, undefined]);
      expect(store.livingRecords).toEqual([]);
      expect(onReject).toHaveBeenCalledWith("unknown-session");
      expect(await renewing.once("token", refresh)).toBeUndefined();
      expect(refresh).toHaveBeenCalledTimes(1);
    });

    it("calls the provider once for both ids, and both get the new value", async () => {
      const old = copyOf(visitor);
      const [renewing, waiting] = await visitor.opensMany(sessions, 2);
      const release = holdAnswer(refresh);
      const withOldId = [renewing, waiting].map((session) => session.once("token", refresh));
      await vi.waitFor(() => expect(refresh).toHaveBeenCalled());
      await visitor.visits(sessions, (session) => {
        session.regenerate();
        session.userId = 7;
      });
      const withNewId = (await visitor.opens(sessions)).once("token", refresh);
      release();
      for (const token of [...withOldId, withNewId]) expect(await token).toEqual({ access: 2 });
      expect(refresh).toHaveBeenCalledTimes(1);
      expect(await visitor.finds(sessions)).toEqual({ token: { access: 2 }, userId: 7 });
      expect(await old.finds(sessions)).toEqual({});
    });

    it("gives a request with the old id nothing that the new one has renewed", async () => {
      const late = await visitor.opens(sessions);
      await visitor.visits(sessions, (session) => session.regenerate());
      await (await visitor.opens(sessions)).once("token", refresh);
      expect(await late.once("token", refresh)).toBeUndefined();
      expect(refresh).toHaveBeenCalledTimes(1);
    });
  });
});
