import { type } from "arktype";
import * as v from "valibot";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { SessionSerializationError } from "../../src/errors/errors.ts";
import type { SessionOptions } from "../../src/options/options.ts";
import type { StandardSchema } from "../../src/session/schema.ts";
import { SECRET } from "../support/fixed.ts";
import { thrownBy } from "../support/thrown.ts";
import { sessionsWith, Visitor } from "../support/visitor.ts";

/** One shape in three libraries; none takes a key that it does not describe. */
const libraries: Record<string, StandardSchema> = {
  zod: z.strictObject({
    visits: z.number(),
    user: z.strictObject({ name: z.string(), since: z.date() }),
    tags: z.set(z.string()),
    scores: z.array(z.number()),
  }),
  valibot: v.strictObject({
    visits: v.number(),
    user: v.strictObject({ name: v.string(), since: v.date() }),
    tags: v.set(v.string()),
    scores: v.array(v.number()),
  }),
  arktype: type({
    "+": "reject",
    visits: "number",
    user: { "+": "reject", name: "string", since: "Date" },
    tags: "Set",
    scores: "number[]",
  }),
};

const whole = {
  visits: 3,
  user: { name: "Ada", since: new Date(1_700_000_000_123) },
  tags: new Set(["a"]),
  scores: [1, 2],
};

describe.each(Object.entries(libraries))("a schema of %s", (_, schema) => {
  let visitor: Visitor;
  beforeEach(() => {
    visitor = new Visitor();
  });

  /** Comes with this data in a cookie of a release that had no schema. */
  const brings = async (data: object) => {
    const value = await (await sessionsWith()).encode({ ...data }, false);
    visitor.cookies.set("session", value);
  };
  const reads = async (options: SessionOptions = {}) => {
    const onReject = vi.fn();
    const sessions = await sessionsWith({ schema, onReject, ...options });
    const data = await visitor.finds(sessions);
    return { data, reasons: onReject.mock.calls.flat() };
  };
  const saves = async (data: object) =>
    visitor.visits(await sessionsWith({ schema }), (session) => Object.assign(session, data));
  const refusalOf = (data: object) => thrownBy(() => saves(data), SessionSerializationError);

  it("takes data that fits it, and gives it back with its types", async () => {
    expect(await saves(whole)).toHaveLength(1);
    expect(await reads()).toStrictEqual({ data: whole, reasons: [] });
  });

  it("takes a session that is filled bit by bit: any key may be absent", async () => {
    await saves({ visits: 1 });
    await saves({ user: whole.user });
    expect((await reads()).data).toStrictEqual({ visits: 1, user: whole.user });
    expect(await reads()).toMatchObject({ reasons: [] });
  });

  it.each<[string, object]>([
    ["a value of another type", { ...whole, visits: "3" }],
    ["a value of another type while another key is absent", { visits: "3" }],
    ["a nested key that is missing", { user: { name: "Ada" } }],
    ["a nested value of another type", { user: { name: "Ada", since: "yesterday" } }],
    ["an item of another type", { scores: [1, "2"] }],
    ["a key that the schema does not describe", { ...whole, count: 3 }],
  ])("makes a cookie that holds %s read as empty, with the reason `schema`", async (_, data) => {
    await brings(data);
    expect(await reads()).toEqual({ data: {}, reasons: ["schema"] });
  });

  it("hands data of an older shape to `migrate`, and what fits to nobody", async () => {
    const migrate = vi.fn(({ count, ...rest }: Record<string, unknown>) => ({
      ...rest,
      visits: count,
    }));
    await brings({ count: 3, tags: whole.tags });
    expect(await reads({ migrate })).toStrictEqual({
      data: { tags: whole.tags, visits: 3 },
      reasons: [],
    });
    expect(migrate.mock.calls).toEqual([[{ count: 3, tags: whole.tags }]]);

    await brings(whole);
    expect((await reads({ migrate })).data).toStrictEqual(whole);
    expect(migrate).toHaveBeenCalledTimes(1);
  });

  it("keeps what was migrated with the next change, and sends nothing before it", async () => {
    const migrate = async ({ count }: Record<string, unknown>) => ({ visits: count });
    await brings({ count: 3 });
    const sessions = await sessionsWith({ schema, migrate });
    expect(await visitor.visits(sessions)).toEqual([]);
    await visitor.visits(sessions, (session) => Object.assign(session, { visits: 4 }));
    expect(await reads()).toEqual({ data: { visits: 4 }, reasons: [] });
  });

  it("judges what `migrate` gives once more", async () => {
    await brings({ count: 3 });
    const migrate = () => ({ visits: "three" });
    expect(await reads({ migrate })).toEqual({ data: {}, reasons: ["schema"] });
  });

  it.each<[string, NonNullable<SessionOptions["migrate"]>]>([
    [
      "throws",
      () => {
        throw new Error("no such shape");
      },
    ],
    ["rejects", () => Promise.reject(new Error("no such shape"))],
  ])("spares the visitor a `migrate` that %s: it is logged", async (_, migrate) => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    await brings({ count: 3 });
    expect(await reads({ migrate })).toEqual({ data: {}, reasons: ["schema"] });
    expect(log.mock.calls).toEqual([
      ["[next-signed-session] schema or migrate failed:", new Error("no such shape")],
    ]);
  });

  it.each<[string, object, string]>([
    ["a value", { visits: "3" }, "session.visits"],
    ["a nested value", { user: { ...whole.user, since: "today" } }, "session.user.since"],
    ["a nested key that is missing", { user: { name: "Ada" } }, "session.user.since"],
    ["an item", { scores: [1, "2"] }, "session.scores[1]"],
  ])("names the path of %s that does not fit when it is saved", async (_, data, path) => {
    const error = await refusalOf(data);
    expect(error.code).toBe("ERR_SESSION_SCHEMA");
    expect(error.message.startsWith(`${path} does not fit the session's schema: `)).toBe(true);
    expect(error.message).toContain("It was not saved: store what the schema describes");
    expect(visitor.cookies.size).toBe(0);
  });

  it("names a key that it does not describe when it is saved", async () => {
    expect((await refusalOf({ visits: 1, count: 3 })).message).toContain("count");
  });

  it("judges a value made without a request as well", async () => {
    const sessions = await sessionsWith({ schema });
    await thrownBy(() => sessions.encode({ visits: "3" }, false), SessionSerializationError);
    const value = await sessions.encode({ visits: 3 }, false);
    expect(await sessions.read(value)).toMatchObject({
      ok: true,
      payload: { data: { visits: 3 } },
    });
  });

  it("is no obstacle to a logout", async () => {
    await saves(whole);
    const sent = await visitor.visits(await sessionsWith({ schema }), (session) => session.clear());
    expect(sent).toMatchObject([{ maxAge: 0 }]);
  });
});

describe("what a schema would make of the data", () => {
  it("is not kept: data is judged, and never transformed", async () => {
    const schema = z.object({ name: z.string().trim(), visits: z.number().default(7) });
    const sessions = await sessionsWith({ schema });
    const visitor = new Visitor();
    await visitor.visits(sessions, (session) => Object.assign(session, { name: " Ada " }));
    expect(await visitor.finds(sessions)).toEqual({ name: " Ada " });
  });

  it("may take its time", async () => {
    const schema = z.object({ name: z.string().refine(async (name) => name !== "mallory") });
    const sessions = await sessionsWith({ schema, secret: SECRET });
    const error = await thrownBy(
      () => sessions.encode({ name: "mallory" }, false),
      SessionSerializationError,
    );
    expect(error.message).toContain("session.name does not fit");
  });
});
