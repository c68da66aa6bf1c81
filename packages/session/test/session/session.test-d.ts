import { z } from "zod";
import { defineSession, type Session } from "../../src/index.ts";
import { type Data, same } from "../support/same-type.ts";

const { getSession } = defineSession<Data>();

export async function aSessionIsPartialToRead() {
  const session = await getSession();
  same<typeof session, Session<Data>>();
  same<typeof session.visits, number | undefined>();
  same<typeof session.nickname, string | undefined>();
  const visits: number = session.visits ?? 0;
  session.visits = visits + 1;
  session.user = { name: "Ann", roles: ["admin"] };
  session.cart ??= {};
  session.cart.pineapples = "100";
  delete session.visits;

  const { cart, visits: maybe } = await getSession();
  // @ts-expect-error: it may be absent
  maybe + 1;
  // @ts-expect-error: it may be absent
  cart.pineapples = "100";
  // @ts-expect-error: a mistyped key
  session.visit = 1;
  // @ts-expect-error: a value of another type
  session.visits = "1";
  // @ts-expect-error: a role that there is not
  session.user = { name: "Ann", roles: ["owner"] };
}

export async function aSpreadIsTheDataAlone() {
  const session = await getSession();
  const spread = { ...session };
  same<typeof spread.visits, number | undefined>();
  same<keyof typeof spread, keyof Data>();
  // @ts-expect-error: a copy cannot be saved
  spread.save;
  // @ts-expect-error: nor does it know whether it is permanent
  spread.permanent;
  const { visits, ...rest } = session;
  same<typeof visits, number | undefined>();
  // @ts-expect-error: what is left of it cannot be saved
  rest.save;
  same<ReturnType<typeof session.toJSON>, Partial<Data>>();
}

export async function theControlsHaveTypes() {
  await using session = await getSession();
  same<typeof session.permanent, boolean>();
  same<typeof session.modified, boolean>();
  same<typeof session.isNew, boolean>();
  same<ReturnType<typeof session.save>, Promise<void>>();
  same<ReturnType<typeof session.clear>, void>();
  session.permanent = true;
  session.modified = true;

  // @ts-expect-error: it cannot be set
  session.isNew = false;
  // @ts-expect-error: not a boolean
  session.permanent = "yes";
  // @ts-expect-error: there is no such control
  session.destroy();
}

export function dataThatCannotBeKeptDoesNotCompile() {
  interface Tree {
    name: string;
    children: Tree[];
  }
  class Cart {
    items: string[] = [];
    total() {
      return this.items.length;
    }
  }
  defineSession<{ tree: Tree; any: unknown; optional?: Date | undefined; tuple: [1, "a"] }>();
  defineSession<Record<string, unknown>>();
  defineSession();

  // @ts-expect-error: a function
  defineSession<{ onClick: () => void }>();
  // @ts-expect-error: a symbol
  defineSession<{ id: symbol }>();
  // @ts-expect-error: an object with a method
  defineSession<{ cart: Cart }>();
  class Point {
    x = 1;
  }
  // @ts-expect-error: a class itself, were it one without methods
  defineSession<{ kind: typeof Point }>();
  // @ts-expect-error: a class among other values
  defineSession<{ kind: string | (abstract new () => Point) }>();
  // @ts-expect-error: a function among other values
  defineSession<{ user: string | (() => string) }>();
  // @ts-expect-error: a promise
  defineSession<{ user: Promise<string> }>();
  // @ts-expect-error: a function deep inside
  defineSession<{ a: { b: { c: (() => void)[] } } }>();
  // @ts-expect-error: a function in a Map
  defineSession<{ handlers: Map<string, () => void> }>();
  // @ts-expect-error: a method among what is optional
  defineSession<{ cart?: Cart }>();
}

export function aControlsNameIsNoKey() {
  // @ts-expect-error: `save` is a control
  defineSession<{ save: string }>();
  // @ts-expect-error: `permanent` is a control, were it of its type
  defineSession<{ permanent: boolean }>();
  // @ts-expect-error: `modified` is a control
  defineSession<{ modified: Date }>();
  // @ts-expect-error: `isNew` is a control
  defineSession<{ isNew?: boolean }>();
  // @ts-expect-error: `clear` is a control
  defineSession<{ clear: number }>();
  // @ts-expect-error: `sessionId` is a control
  defineSession<{ sessionId: string }>();
  // @ts-expect-error: `regenerate` is a control
  defineSession<{ regenerate: string }>();
  // @ts-expect-error: `save` is a control, among other keys and in a schema as well
  defineSession({ schema: z.object({ visits: z.number(), save: z.string() }) });
}

export async function aValueIsRenewedOnceByItsKey() {
  const { getSession } = defineSession<{ token: { access: string }; visits: number }>();
  const session = await getSession();
  const token = await session.once("token", async (signal) => {
    same<typeof signal, AbortSignal>();
    return { access: "new" };
  });
  same<typeof token, { access: string } | undefined>();
  await session.once("visits", () => 1);

  // @ts-expect-error: there is no such key
  await session.once("tokens", () => ({ access: "new" }));
  // @ts-expect-error: the token is an object
  await session.once("token", () => "new");
  // @ts-expect-error: a control is no key
  await session.once("permanent", () => true);
  // @ts-expect-error: `once` is a control, and no key of the data
  defineSession<{ once: string }>();
}
