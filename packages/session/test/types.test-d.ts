/*
 * The types, tested by compiling: `npm run typecheck` fails where a line below `@ts-expect-error`
 * compiles, and where any other does not. Nothing here is run.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { type } from "arktype";
import type { NextRequest, NextResponse } from "next/server.js";
import * as v from "valibot";
import { z } from "zod";
import { FlaskMarkup, FlaskUuid, flaskTuple } from "../src/flask.ts";
import {
  type CookieOptions,
  type Duration,
  defineSession,
  type FormatOptions,
  type RejectReason,
  getSession as readyMade,
  type Session,
  type SessionError,
  type SessionErrorCode,
  type SessionOptions,
  SessionSerializationError,
  type StandardSchema,
  type StoredOptions,
  type UserSession,
} from "../src/index.ts";
import { createSessionContext } from "../src/react.ts";
import { mintCookies } from "../src/testing.ts";

type Same<One, Other> =
  (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : false;
declare function same<One, Other>(...verdict: Same<One, Other> extends true ? [] : [never]): void;

interface Data {
  visits: number;
  cart: Record<string, string>;
  seen: Date;
  token: Uint8Array;
  big: bigint;
  tags: Set<string>;
  prices: Map<string, number>;
  user: { name: string; roles: readonly ("admin" | "editor")[] } | null;
  nickname?: string;
}

const { getSession, encode, decode } = defineSession<Data>();
declare const request: NextRequest;
declare const response: NextResponse;
declare const webRequest: Request;
declare const incoming: IncomingMessage;
declare const outgoing: ServerResponse;

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

export async function getSessionTakesARequestWithItsResponse() {
  await getSession(request, response);
  await getSession(request, new Response());
  await getSession(webRequest, new Response());
  await getSession(webRequest, new Headers());
  await getSession(incoming, outgoing);

  // @ts-expect-error: the response is missing
  await getSession(request);
  // @ts-expect-error: Node's response to a web request
  await getSession(webRequest, outgoing);
  // @ts-expect-error: a web response to Node's request
  await getSession(incoming, new Response());
  // @ts-expect-error: the wrong way round
  await getSession(response, request);
  // @ts-expect-error: no response
  await getSession(request, undefined);
}

export async function theReadyMadeOneHasItsTypeAtTheCall() {
  same<Awaited<ReturnType<typeof readyMade<{ visits: number }>>>, Session<{ visits: number }>>();
  const session = await readyMade<{ visits: number }>();
  same<typeof session.visits, number | undefined>();
  const loose = await readyMade();
  same<typeof loose.anything, unknown>();

  // @ts-expect-error: a function cannot be kept
  await readyMade<{ onClick: () => void }>();
}

export async function encodeAndDecodeHaveTheData() {
  same<Awaited<ReturnType<typeof encode>>, string>();
  await encode({ visits: 1 }, { permanent: true });
  const result = await decode("");
  if (result.ok) {
    same<typeof result.data, Partial<Data>>();
    same<typeof result.permanent, boolean>();
    same<typeof result.issuedAt, Date>();
  } else {
    same<typeof result.reason, RejectReason>();
  }

  // @ts-expect-error: a value of another type
  await encode({ visits: "1" });
  // @ts-expect-error: a mistyped key
  await encode({ visit: 1 });
  // @ts-expect-error: it may not be ok
  result.data;
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

export function optionsHaveTypes() {
  const duration: Duration = { days: 31, hours: 1 };
  const options: SessionOptions = {
    secret: ["a", "b"],
    cookie: { sameSite: "none", secure: true, partitioned: true, priority: "high" },
    idleTimeout: duration,
    refreshAfter: 60,
    format: { format: "flask", digest: "SHA-512" },
    accept: ["iron-session", { format: "flask", secret: "c" }],
    onReject: (reason) => same<typeof reason, RejectReason>(),
    clock: Date.now,
  };
  defineSession<Data>(options);
  defineSession(options);

  // @ts-expect-error: no such unit
  defineSession({ idleTimeout: { weeks: 1 } });
  // @ts-expect-error: not a duration
  defineSession({ idleTimeout: "31 days" });
  // @ts-expect-error: no such option
  defineSession({ ttl: 60 });
  // @ts-expect-error: no such attribute
  defineSession({ cookie: { maxAge: 60 } });
  // @ts-expect-error: in lower case
  defineSession({ cookie: { sameSite: "Lax" } });
  // @ts-expect-error: read, but never written
  defineSession({ format: "iron-session" });
}

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

export async function useSessionHasTheTypeOfThePublicSession() {
  const { getSession, getPublicSession } = defineSession<Data>().expose("visits");
  const { SessionProvider, useSession, useSecondsLeft } =
    createSessionContext<typeof getPublicSession>();
  same<ReturnType<typeof useSession>, Awaited<ReturnType<typeof getPublicSession>>>();
  same<ReturnType<typeof useSecondsLeft>, number | undefined>();
  SessionProvider({ session: getPublicSession() });
  // @ts-expect-error: it was not exposed
  useSession().user;
  // @ts-expect-error: the session itself
  SessionProvider({ session: getSession() });
  // @ts-expect-error: a copy of the session
  SessionProvider({ session: getSession().then((session) => ({ ...session })) });
  const other = defineSession<{ visits: string }>().expose("visits");
  // @ts-expect-error: the public session of another definition
  SessionProvider({ session: other.getPublicSession() });
  // @ts-expect-error: the session is no public session
  createSessionContext<typeof getSession>();
}

/** Every option present, with the value `undefined`. */
type AllUndefined<Options> = { [Option in keyof Required<Options>]: undefined };

export async function everyOptionMayBeUndefined() {
  // `exactOptionalPropertyTypes` is on here: without `| undefined` in an option's type these fail.
  const options = {} as AllUndefined<SessionOptions>;
  const cookie = {} as AllUndefined<CookieOptions>;
  const duration = {} as AllUndefined<Exclude<Duration, number>>;
  const flask = {} as AllUndefined<Omit<FormatOptions<"flask">, "format">>;
  const stored = {} as AllUndefined<Omit<StoredOptions, "format" | "store">>;
  const { getSession, encode } = defineSession<Data>(options);
  defineSession<Data>({
    ...options,
    cookie,
    refreshAfter: duration,
    format: { ...flask, format: "flask" },
    accept: [{ ...stored, format: "stored", store: new Map<string, string>() }],
  });
  defineSession<Data>(undefined);
  await encode({}, undefined);
  await encode({}, { permanent: undefined });
  await mintCookies(getSession, {}, { url: undefined, permanent: undefined });
  await mintCookies(getSession, {}, undefined);
}

export async function aUsersSessionsAreListedWithWhatDescribePicks() {
  const { sessionsOf, endSessionsOf } = defineSession<{ userId: number; browser: string }>({
    userOf: (data) => {
      same<typeof data, Partial<{ userId: number; browser: string }>>();
      return data.userId;
    },
  });
  const devices = await sessionsOf(7, { describe: ({ browser }) => ({ browser }) });
  same<(typeof devices)[number], UserSession<{ browser: string | undefined }>>();
  const [plain] = await sessionsOf("7");
  same<typeof plain, UserSession | undefined>();
  await endSessionsOf(7n, { except: undefined });

  // @ts-expect-error: a session may belong to nobody, and nobody has no sessions
  await sessionsOf(undefined);
  // @ts-expect-error: there is no such key
  await sessionsOf(7, { describe: ({ device }) => device });
  // @ts-expect-error: a Date is no user id
  defineSession<{ since: Date }>({ userOf: (data) => data.since });

  const schema = z.object({ account: z.string() });
  defineSession({ schema, userOf: (data) => data.account });
  // @ts-expect-error: the schema has no such key
  defineSession({ schema, userOf: (data) => data.userId });

  const options: SessionOptions = { userOf: (data) => data.userId };
  defineSession<{ userId: number }>(options);
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

/** Fails to compile if a code is missing, because the function could then return nothing. */
export function everyErrorCodeCanBeSwitchedOn(code: SessionErrorCode): number {
  switch (code) {
    case "ERR_SESSION_SECRET_MISSING":
    case "ERR_SESSION_SECRET_TOO_SHORT":
    case "ERR_SESSION_SECRET_WEAK":
    case "ERR_SESSION_SECRET_REPEATED":
    case "ERR_SESSION_SECRET_PUBLISHED":
    case "ERR_SESSION_OPTION":
    case "ERR_SESSION_NAME_TAKEN":
    case "ERR_SESSION_OUTSIDE_REQUEST":
    case "ERR_SESSION_IN_PROXY":
    case "ERR_SESSION_IN_CACHE":
    case "ERR_SESSION_IN_AFTER":
    case "ERR_SESSION_ARGUMENTS":
    case "ERR_SESSION_COPY":
    case "ERR_SESSION_IN_CLIENT_COMPONENT":
    case "ERR_SESSION_NO_PROVIDER":
      return 500;
    case "ERR_SESSION_CROSS_ORIGIN":
    case "ERR_SESSION_READ_ONLY":
      return 409;
    case "ERR_SESSION_TOO_LARGE":
      return 413;
    case "ERR_SESSION_SERIALIZATION":
    case "ERR_SESSION_SCHEMA":
      return 422;
    case "ERR_SESSION_STORE":
    case "ERR_SESSION_STORE_TIMEOUT":
    case "ERR_SESSION_REVOCATION":
      return 503;
  }
}

export function anErrorsClassNarrowsItsCode(error: SessionError) {
  same<typeof error.code, SessionErrorCode>();
  if (error instanceof SessionSerializationError) {
    same<typeof error.code, "ERR_SESSION_SERIALIZATION" | "ERR_SESSION_SCHEMA">();
  }
  // @ts-expect-error: there is no such code
  error.code === "ERR_SESSION_STORES";
}

export async function sharedWithFlaskItHoldsValuesOfFlasksTypes() {
  await using session = await defineSession<{
    basket: string | FlaskUuid;
    banner: string | FlaskMarkup;
    position: [latitude: number, longitude: number];
  }>({ format: "flask" }).getSession();
  same<typeof session.basket, string | FlaskUuid | undefined>();
  session.basket = new FlaskUuid("12345678-1234-5678-1234-567812345678");
  session.banner = new FlaskMarkup("<b>Welcome</b>");
  session.position = flaskTuple(52.52, 13.405);

  // @ts-expect-error: HTML is no UUID
  session.basket = new FlaskMarkup("<b>Welcome</b>");
  // @ts-expect-error: a UUID is made of text
  session.basket = new FlaskUuid(7);
  // @ts-expect-error: one number short
  session.position = flaskTuple(52.52);
}
