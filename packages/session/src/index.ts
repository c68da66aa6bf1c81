/**
 * A session for the Next.js App Router, in a signed cookie. {@link defineSession} is where to begin.
 *
 * @module next-signed-session
 */

import { defineSession, type SessionArguments } from "./define-session.ts";
import type { Session, SessionData } from "./session.ts";

export type { Digest } from "#primitives";
export type {
  DecodeResult,
  GetSession,
  SessionArguments,
  SessionDefinition,
} from "./define-session.ts";
export { defineSession } from "./define-session.ts";
export type { Duration } from "./duration.ts";
export {
  SessionContextError,
  SessionError,
  SessionOptionError,
  SessionReadOnlyError,
  SessionSecretError,
  SessionSerializationError,
  SessionStoreError,
  SessionTooLargeError,
} from "./errors.ts";
export type { FlashMessage } from "./flash.ts";
export type { Format, FormatOptions, StoredOptions } from "./formats.ts";
export type { RejectReason } from "./lifetime.ts";
export type { CookieOptions, SessionOptions } from "./options.ts";
export type { InferData, StandardSchema } from "./schema.ts";
export type { Session, SessionControls, SessionData } from "./session.ts";
export type { OpenStore, SessionStore } from "./store.ts";

/**
 * `getSession` ready-made: configured by the environment alone (`SESSION_SECRET`,
 * `SESSION_SECRET_FALLBACKS`), with the data's type at the call.
 *
 * @example
 * await using session = await getSession<{ visits: number }>();
 */
export const getSession: <Data extends SessionData<Data> = Record<string, unknown>>(
  ...given: SessionArguments
) => Promise<Session<Data>> = /* @__PURE__ */ defineSession<never>().getSession as never;
