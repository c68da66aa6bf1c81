import { z } from "zod";
import type { FlaskUuid } from "../../src/flask.ts";
import { defineSession, type Session } from "../../src/index.ts";
import { type Data, same } from "../support/same-type.ts";

export async function thePublicSessionHasTheExposedKeysAlone() {
  const { getSession, getPublicSession, encode } = defineSession<Data>().expose("visits", "seen");
  same<Awaited<ReturnType<typeof getSession>>, Session<Data>>();
  same<Parameters<typeof encode>[0], Partial<Data>>();
  const session = await getPublicSession();
  same<typeof session.visits, number | undefined>();
  same<typeof session.seen, Date | undefined>();
  same<typeof session.expiresAt, Date | undefined>();
  same<typeof session.readAt, Date>();
  // @ts-expect-error: it was not exposed
  session.user;
  // @ts-expect-error: it cannot be changed
  session.visits = 2;
  // @ts-expect-error: nor saved
  session.save;

  // @ts-expect-error: a mistyped key
  defineSession<Data>().expose("visit");
  // @ts-expect-error: no key at all
  defineSession<Data>().expose();
  // @ts-expect-error: a name that the public session has for itself
  defineSession<{ expiresAt: Date; name: string }>().expose("expiresAt");

  const described = defineSession({ schema: z.object({ name: z.string(), email: z.string() }) });
  const withSchema = await described.expose("name").getPublicSession();
  same<typeof withSchema.name, string | undefined>();
  // @ts-expect-error: it was not exposed
  withSchema.email;

  const ofFlask = defineSession<{ basket: string | FlaskUuid }>({ format: "flask" });
  const { basket } = await ofFlask.expose("basket").getPublicSession();
  same<typeof basket, string | undefined>();
}
