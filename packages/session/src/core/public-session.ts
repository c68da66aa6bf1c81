import { describeValue } from "../errors/describe.ts";
import { SessionOptionError } from "../errors/errors.ts";
import type { Payload } from "../formats/codec.ts";
import type { FlaskMarkup, FlaskUuid } from "../formats/flask/values.ts";
import { isEmpty } from "../homes/home.ts";
import { expiryOf } from "../session/expiry.ts";
import type { Parts } from "../session/session-object.ts";

/** The times in every {@link PublicSession}. */
export interface PublicTimes {
  /**
   * When the session ends, unless it is changed or refreshed before: the time in the cookie's Expires,
   * or the same time for a cookie that ends with the browser. `undefined` if there is no session.
   */
  readonly expiresAt: Date | undefined;
  /** The server's time when the session was read. A browser's clock may be wrong. */
  readonly readAt: Date;
}

/** The keys that `expose()` can name. */
export type PublicKey<Data> = Exclude<keyof Data & string, keyof PublicTimes>;

/**
 * What the browser may see of a session: a plain object that React can send to client components. Each
 * key may be absent, as in the session.
 */
export type PublicSession<Data> = {
  readonly [Key in keyof Data]?: AsRead<Data[Key]> | undefined;
} & PublicTimes;

/** Flask's own types are strings when they are read back. */
type AsRead<Value> = Value extends FlaskUuid | FlaskMarkup ? string : Value;

const RESERVED = ["expiresAt", "readAt"] satisfies (keyof PublicTimes)[];

/** @throws SessionOptionError (`ERR_SESSION_OPTION`) if a key cannot be public */
export function publicSession(
  session: object,
  { payload, binding }: Parts,
  keys: readonly string[],
): Record<string, unknown> & PublicTimes {
  const controls = Object.getPrototypeOf(session);
  for (const key of keys) assertPublic(key, controls);
  const { now, lifetime, ...age } = binding.age;
  const expiry = expiryOf({ ...age, createdAt: payload.createdAt }, lifetime);
  return {
    ...picked(payload, keys, binding),
    expiresAt: isEmpty(payload) ? undefined : new Date(expiry * 1000),
    readAt: new Date(now * 1000),
  };
}

/** A copy of these keys. Their values are those that the next request would read. */
function picked(
  payload: Payload,
  keys: readonly string[],
  { serialize, parse }: Parts["binding"],
): Record<string, unknown> {
  const present = keys.filter((key) => Object.hasOwn(payload.data, key));
  const data = Object.fromEntries(present.map((key) => [key, payload.data[key]]));
  return parse(serialize({ ...payload, data })).data;
}

function assertPublic(key: unknown, controls: object): void {
  const isData = typeof key === "string" && !Object.hasOwn(controls, key);
  if (isData && !(RESERVED as string[]).includes(key)) return;
  throw new SessionOptionError(
    "ERR_SESSION_OPTION",
    `expose() cannot name ${describeValue(key)}. Allowed: the keys of the session's data that the browser may see, except ${RESERVED.join(" and ")}, which getPublicSession() adds itself.`,
  );
}
