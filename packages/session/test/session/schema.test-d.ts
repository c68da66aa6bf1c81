import { type } from "arktype";
import * as v from "valibot";
import { z } from "zod";
import { defineSession, type Session, type StandardSchema } from "../../src/index.ts";
import { same } from "../support/same-type.ts";

export async function aSchemaGivesTheType() {
  const schema = {} as StandardSchema<{ visits: number; user: string }>;
  const session = await defineSession({ schema }).getSession();
  same<typeof session, Session<{ visits: number; user: string }>>();
  defineSession<{ visits: number; user: string }>({ schema });

  // @ts-expect-error: the schema is of another type than the data
  defineSession<{ visits: string }>({ schema });
}

export async function aSchemaOfEachLibraryGivesTheType() {
  interface Described {
    visits: number;
    user: { name: string; since: Date };
    tags?: string[] | undefined;
  }
  const ofZod = z.object({
    visits: z.number(),
    user: z.object({ name: z.string(), since: z.date() }),
    tags: z.optional(z.array(z.string())),
  });
  const ofValibot = v.object({
    visits: v.number(),
    user: v.object({ name: v.string(), since: v.date() }),
    tags: v.optional(v.array(v.string())),
  });
  const ofArktype = type({
    visits: "number",
    user: { name: "string", since: "Date" },
    "tags?": "string[] | undefined",
  });
  const withZod = defineSession({ schema: ofZod });
  const withValibot = defineSession({ schema: ofValibot });
  const withArktype = defineSession({ schema: ofArktype });
  for (const { getSession } of [withZod, withValibot, withArktype]) {
    const session: Session<Described> = await getSession();
    same<typeof session.visits, number | undefined>();
    session.user = { name: "Ann", since: new Date() };
  }
  const session = await withZod.getSession();
  same<typeof session.user, { name: string; since: Date } | undefined>();
  // @ts-expect-error: a mistyped key
  session.visit = 1;
  // @ts-expect-error: a value of another type
  (await withValibot.getSession()).visits = "1";
  // @ts-expect-error: a nested value of another type
  (await withArktype.getSession()).user = { name: "Ann", since: "today" };
  defineSession({
    schema: z.object({
      seen: z.date(),
      token: z.instanceof(Uint8Array),
      big: z.bigint(),
      tags: z.set(z.string()),
      prices: z.map(z.string(), z.number()),
      role: z.union([z.literal("admin"), z.null()]),
      cart: z.record(z.string(), z.unknown()),
      other: z.any(),
    }),
  });
  // @ts-expect-error: the schema of a function, which cannot be kept
  defineSession({ schema: z.object({ onClick: z.custom<() => void>() }) });
}
