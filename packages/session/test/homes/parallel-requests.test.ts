import { beforeEach, describe, expect, it } from "vitest";
import type { SessionManager } from "../../src/core/session-manager.ts";
import type { SessionOptions } from "../../src/options/options.ts";
import { NOW } from "../support/fixed.ts";
import { type MemoryStore, STORES } from "../support/memory-store.ts";
import { copyOf, type LooseSession, sessionsWith, Visitor } from "../support/visitor.ts";

describe.each(STORES)("in a store %s,", (_which, Store) => {
  let store: MemoryStore;
  let visitor: Visitor;
  let sessions: SessionManager;

  const withStore = (options: SessionOptions = {}) => sessionsWith({ store, ...options });

  beforeEach(async () => {
    store = new Store();
    visitor = new Visitor();
    sessions = await withStore();
  });

  describe("parallel requests of one visitor", () => {
    describe("that assign an object", () => {
      it("never mix two of them: the later one is taken whole", async () => {
        await visitor.puts(sessions, { tenant: { id: "b", isOwner: false } });
        const [toA] = await visitor.underWay(sessions);
        const [toC] = await visitor.underWay(sessions);
        toA.tenant = { id: "a", isOwner: true };
        toC.tenant = { id: "c", isOwner: false };
        await toA.save();
        await toC.save();
        expect(await visitor.finds(sessions)).toEqual({ tenant: { id: "c", isOwner: false } });
      });

      it("never mix two where there was none", async () => {
        await visitor.puts(sessions, { visits: 1 });
        const [admin] = await visitor.underWay(sessions);
        const [guest] = await visitor.underWay(sessions);
        admin.user = { id: "admin", role: "admin" };
        guest.user = { id: "guest" };
        await admin.save();
        await guest.save();
        expect(await visitor.finds(sessions)).toEqual({ visits: 1, user: { id: "guest" } });
      });

      it("assign it also where it equals the one that was there", async () => {
        await visitor.puts(sessions, { tenant: { id: "a", isOwner: true }, role: "member" });
        const [toC] = await visitor.underWay(sessions);
        const [toA] = await visitor.underWay(sessions);
        Object.assign(toC, { tenant: { id: "c", isOwner: false }, role: "guest" });
        Object.assign(toA, { tenant: { id: "a", isOwner: true }, role: "owner" });
        await toC.save();
        await toA.save();
        expect(await visitor.finds(sessions)).toEqual({
          tenant: { id: "a", isOwner: true },
          role: "owner",
        });
      });

      it("assign it whole within another object as well", async () => {
        await visitor.puts(sessions, {
          shop: { tenant: { id: "b", isOwner: false }, cart: { figs: 1 } },
        });
        const [toA] = await visitor.underWay(sessions);
        const [toC] = await visitor.underWay(sessions);
        Object.assign(toA.shop as object, { tenant: { id: "a", isOwner: true } });
        Object.assign(toC.shop as object, { tenant: { id: "c", isOwner: false } });
        await toA.save();
        await toC.save();
        expect(await visitor.finds(sessions)).toEqual({
          shop: { tenant: { id: "c", isOwner: false }, cart: { figs: 1 } },
        });
      });

      it("are taken together where all only added to what was there", async () => {
        await visitor.puts(sessions, { cart: { figs: 1 } });
        const requests = await Promise.all(
          Array.from({ length: 200 }, () => visitor.underWay(sessions)),
        );
        await Promise.all(
          requests.map(([session], index) => {
            session.cart = { ...(session.cart as object), [`fruit ${index}`]: 1 };
            return session.save();
          }),
        );
        const { cart } = (await visitor.finds(sessions)) as { cart: object };
        expect(Object.keys(cart)).toHaveLength(201);
      });
    });

    describe("that change an object in place", () => {
      it("keep the changes of each, in one request's second save as well", async () => {
        await visitor.puts(sessions, { cart: { figs: 1, plums: 1 } });
        const [one] = await visitor.underWay(sessions);
        const [two] = await visitor.underWay(sessions);
        const cartOf = (session: LooseSession) => session.cart as Record<string, number>;
        cartOf(one).figs = 2;
        cartOf(two).kiwis = 1;
        delete cartOf(two).plums;
        await one.save();
        await two.save();
        cartOf(one).dates = 1;
        await one.save();
        expect(await visitor.finds(sessions)).toEqual({ cart: { figs: 2, kiwis: 1, dates: 1 } });
      });

      it("bring back no object that another has deleted", async () => {
        await visitor.puts(sessions, { visits: 1, user: { id: 7 } });
        const [late] = await visitor.underWay(sessions);
        await copyOf(visitor).visits(sessions, (session) => {
          delete session.user;
        });
        Object.assign(late.user as object, { seen: 1 });
        await late.save();
        expect(await visitor.finds(sessions)).toEqual({ visits: 1 });
      });

      it("after a schema's migration as well", async () => {
        await visitor.puts(sessions, { basket: { figs: 1 } });
        const schema = {
          "~standard": {
            version: 1 as const,
            vendor: "test",
            validate: (value: unknown) =>
              "basket" in (value as object) ? { issues: [{ message: "basket" }] } : { value },
          },
        };
        const migrate = ({ basket, ...rest }: Record<string, unknown>) => ({
          ...rest,
          cart: basket,
        });
        sessions = await withStore({ schema, migrate });
        const [one] = await visitor.underWay(sessions);
        const [two] = await visitor.underWay(sessions);
        Object.assign(one.cart as object, { figs: 2 });
        Object.assign(two.cart as object, { kiwis: 1 });
        await one.save();
        await two.save();
        expect(await visitor.finds(sessions)).toEqual({ cart: { figs: 2, kiwis: 1 } });
      });
    });

    it("keep a change beside the deletion of the last key", async () => {
      await visitor.puts(sessions, { visits: 1 });
      const [emptying, itsJar] = await visitor.underWay(sessions);
      const [adding] = await visitor.underWay(sessions);
      delete emptying.visits;
      await emptying.save();
      expect(itsJar.sent).toMatchObject([{ maxAge: 0 }]);
      adding.theme = "dark";
      await adding.save();
      expect(await visitor.finds(sessions)).toEqual({ theme: "dark" });
    });
  });

  describe("a session in parallel requests", () => {
    it("keeps the changes of each", async () => {
      await visitor.visits(sessions, (session) => {
        session.visits = 1;
      });
      const open200 = await visitor.opensMany(sessions, 200);
      await Promise.all(
        open200.map((session, index) => {
          const cart = (session.cart ?? {}) as Record<string, string>;
          session.cart = { ...cart, [`fruit ${index}`]: "1" };
          return session.save();
        }),
      );
      const { cart, visits } = (await visitor.finds(sessions)) as Record<string, object>;
      expect(visits).toBe(1);
      expect(Object.keys(cart ?? {})).toHaveLength(200);
    });

    it("keeps them through several saves of one request", async () => {
      await visitor.visits(sessions, (session) => {
        session.visits = 1;
      });
      const one = await visitor.opens(sessions);
      const two = await visitor.opens(sessions);
      two.two = 1;
      await two.save();
      one.one = 1;
      await one.save();
      one.one = 2;
      await one.save();
      expect(store.record).toEqual([NOW, { visits: 1, two: 1, one: 2 }]);
    });

    it("is permanent when one of them made it so", async () => {
      await visitor.visits(sessions, (session) => {
        session.visits = 1;
      });
      const counting = await visitor.opens(sessions);
      await copyOf(visitor).visits(sessions, (session) => {
        session.permanent = true;
      });
      counting.visits = 2;
      await counting.save();
      expect(store.record).toEqual([NOW, { " p": { visits: 2 } }]);
    });

    it("keeps them too if one of the requests has an older release", async () => {
      await visitor.visits(sessions, (session) => {
        session.count = 3;
      });
      const schema = {
        "~standard": {
          version: 1 as const,
          vendor: "test",
          validate: (value: unknown) =>
            "count" in (value as object) ? { issues: [{ message: "count" }] } : { value },
        },
      };
      const migrate = ({ count, ...rest }: Record<string, unknown>) => ({ ...rest, visits: count });
      const old = sessions;
      sessions = await withStore({ schema, migrate });
      const counting = await visitor.opens(sessions);
      await copyOf(visitor).visits(old, (session) => {
        session.theme = "dark";
      });
      expect({ ...counting }).toEqual({ visits: 3 });
      counting.visits = 4;
      await counting.save();
      expect(store.record).toEqual([NOW, { theme: "dark", visits: 4 }]);
    });
  });
});
