/**
 * A session for the Next.js App Router, in a signed cookie. Start with {@link defineSession}.
 *
 * @module next-signed-session
 */

import { defineSession } from "./core/define-session.ts";
import type { SessionArguments } from "./core/session-definition.ts";
import type { Session, SessionData } from "./session/session.ts";

export { defineSession } from "./core/define-session.ts";
export type { PublicKey, PublicSession, PublicTimes } from "./core/public-session.ts";
export type {
  DecodeResult,
  ExposedDefinition,
  GetSession,
  SessionArguments,
  SessionDefinition,
  UserSession,
} from "./core/session-definition.ts";
export type { Digest } from "./crypto/digest.ts";
export {
  SessionContextError,
  SessionError,
  type SessionErrorCode,
  SessionOptionError,
  SessionReadOnlyError,
  SessionSecretError,
  SessionSerializationError,
  SessionStoreError,
  SessionTooLargeError,
} from "./errors/errors.ts";
export type { Format, FormatOptions } from "./formats/format.ts";
export type { UserId } from "./homes/user-groups.ts";
export type { Duration } from "./options/duration.ts";
export type {
  CookieOptions,
  RevocationOptions,
  SessionOptions,
  StoredOptions,
} from "./options/options.ts";
export type { FlashMessage } from "./session/flash.ts";
export type { RejectReason } from "./session/lifetime.ts";
export type { InferData, StandardSchema } from "./session/schema.ts";
export type { Session, SessionControls, SessionData } from "./session/session.ts";
export type {
  AtomicSessionStore,
  GroupSessionStore,
  OpenStore,
  SessionStore,
} from "./store/store.ts";

/**
 * A ready-made `getSession` for apps without options. The environment has the secrets
 * (`SESSION_SECRET`, `SESSION_SECRET_FALLBACKS`), and each call names the type of the data.
 *
 * @throws SessionError with the codes that {@link GetSession} lists
 *
 * @example
 * await using session = await getSession<{ visits: number }>();
 */
export const getSession: <Data extends SessionData<Data> = Record<string, unknown>>(
  ...given: SessionArguments
) => Promise<Session<Data>> = /* @__PURE__ */ defineSession<never>().getSession as never;
