import { setTimeout as pause } from "node:timers/promises";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { SessionManager } from "../../src/core/session-manager.ts";
import { LEASE_TIME, withLease } from "../../src/homes/leases.ts";
import { formatRecord } from "../../src/homes/record.ts";
import { NOW } from "../support/fixed.ts";
import { type MemoryStore, STORES } from "../support/memory-store.ts";
import { holdAnswer, tokenProvider } from "../support/token-provider.ts";
import { sessionsWith, Visitor } from "../support/visitor.ts";

describe.each(STORES)("session.once(), in a store %s,", (_which, Store) => {
  let store: MemoryStore;
  let visitor: Visitor;
  let sessions: SessionManager;
  let refresh: ReturnType<typeof tokenProvider>;

  beforeEach(async () => {
    store = new Store();
    visitor = new Visitor();
    refresh = tokenProvider();
    sessions = await sessionsWith({ store });
    await visitor.visits(sessions, (session) => {
      session.token = { access: 1 };
    });
  });

  describe("while another process renews the value", () => {
    const leased = (until: number, token: object = { access: 1 }) =>
      formatRecord({
        writtenAt: NOW,
        text: JSON.stringify({ token }),
        leases: withLease(undefined, { key: "token", owner: "another", until }),
      });
    const put = (value: string) => {
      const [key = ""] = store.entries.keys();
      return store.set(key, value, 60_000);
    };

    it("waits, and gets what that one stores", async () => {
      const requests = await visitor.opensMany(sessions, 20);
      await put(leased(Date.now() + 60_000));
      const tokens = Promise.all(requests.map((session) => session.once("token", refresh)));
      await pause(150);
      await put(`[${NOW},{"token":{"access":8}}]`);
      expect(new Set((await tokens).map((token) => JSON.stringify(token)))).toEqual(
        new Set(['{"access":8}']),
      );
      expect(refresh).not.toHaveBeenCalled();
    });

    it("takes over when its lease is over, because it may have been killed", async () => {
      const requests = await visitor.opensMany(sessions, 20);
      const until = Date.now() + 200;
      await put(leased(until));
      await Promise.all(requests.map((session) => session.once("token", refresh)));
      expect(Date.now()).toBeGreaterThanOrEqual(until);
      expect(refresh).toHaveBeenCalledTimes(1);
      expect(store.values).toEqual([`[${NOW},{"token":{"access":2}}]`]);
    });

    it("saves other changes without ending its lease", async () => {
      const until = Date.now() + 60_000;
      await put(leased(until));
      await visitor.visits(sessions, (session) => {
        session.visits = 1;
      });
      expect(store.values).toEqual([
        leased(until).replace('{"token":{"access":1}}', '{"token":{"access":1},"visits":1}'),
      ]);
      await visitor.visits(sessions, (session) => session.regenerate());
      expect(store.values.join()).toContain(`"token=another.${until}"`);
    });

    it("finds in the record who does it, and until when", async () => {
      const session = await visitor.opens(sessions);
      const release = holdAnswer(refresh);
      const before = Date.now();
      const renewed = session.once("token", refresh);
      await vi.waitFor(() => expect(refresh).toHaveBeenCalled());
      const [, until] = /"token=[\w-]{36}\.(\d{13})"/.exec(store.values.join()) ?? [];
      expect(Number(until)).toBeGreaterThanOrEqual(before + LEASE_TIME);
      expect(Number(until)).toBeLessThanOrEqual(Date.now() + LEASE_TIME);
      release();
      await renewed;
      expect(store.values).toEqual([`[${NOW},{"token":{"access":2}}]`]);
    });
  });
});
