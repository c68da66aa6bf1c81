import { SessionSerializationError } from "../../errors/errors.ts";
import { isPlainObject } from "../../runtime/plain-object.ts";
import type { Payload } from "../codec.ts";

/** Where Flask keeps `session.permanent`: among the data. */
const PERMANENT_KEY = "_permanent";
/** Long, since any key can be the application's own. Python carries it along as it does any other. */
const CREATED_AT_KEY = "_next_signed_session_created_at";

/**
 * The dict that a Python application has as its session. `permanentByDefault` is what a session
 * without a flag is.
 *
 * @throws SessionSerializationError for data under one of the keys above
 */
export function toSessionDict(
  { data, permanent, createdAt }: Payload,
  permanentByDefault: boolean,
): Record<string, unknown> {
  refuseReserved(data, PERMANENT_KEY, "`permanent`: set session.permanent instead");
  refuseReserved(data, CREATED_AT_KEY, "the session's beginning: use another name");
  const dict = { ...data };
  if (permanent !== permanentByDefault) dict[PERMANENT_KEY] = permanent;
  if (createdAt !== undefined) dict[CREATED_AT_KEY] = createdAt;
  return dict;
}

/** @throws SyntaxError for what {@link toSessionDict} and Python cannot have made */
export function fromSessionDict(dict: unknown, permanentByDefault: boolean): Payload {
  if (!isPlainObject(dict)) throw new SyntaxError("the session is not an object");
  const { [PERMANENT_KEY]: flag = permanentByDefault, [CREATED_AT_KEY]: createdAt, ...data } = dict;
  const payload = { data, permanent: Boolean(flag), typeHints: dict };
  if (createdAt === undefined) return payload;
  // Ignored, it would give a session that has lasted too long a new beginning.
  if (!Number.isSafeInteger(createdAt)) throw new SyntaxError("the beginning is not a time");
  return { ...payload, createdAt: createdAt as number };
}

function refuseReserved(data: Record<string, unknown>, key: string, holds: string): void {
  if (!Object.hasOwn(data, key)) return;
  throw new SessionSerializationError(
    "ERR_SESSION_SERIALIZATION",
    `session.${key} is where this format keeps ${holds}.`,
  );
}
