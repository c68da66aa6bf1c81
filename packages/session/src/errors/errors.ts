/** Every code that an error of this package can have. */
export type SessionErrorCode =
  | SessionSecretError["code"]
  | SessionOptionError["code"]
  | SessionContextError["code"]
  | SessionReadOnlyError["code"]
  | SessionTooLargeError["code"]
  | SessionSerializationError["code"]
  | SessionStoreError["code"];

/**
 * The base of every error that this package throws. Distinguish errors by {@link code}, which is
 * stable. A message may be improved in any release.
 *
 * A bad cookie is never an error: it reads as an empty session, and `onReject` gets the reason.
 *
 * @example
 * try {
 *   await session.save();
 * } catch (error) {
 *   if (error instanceof SessionError && error.code === "ERR_SESSION_TOO_LARGE") shrinkCart();
 *   else throw error;
 * }
 */
export class SessionError extends Error {
  /** A stable, documented identifier such as `"ERR_SESSION_READ_ONLY"`. */
  readonly code: SessionErrorCode;
  // Each class spells its name out: `next build` shortens the names of the classes themselves.
  override readonly name: string = "SessionError";

  /** @internal */
  constructor(code: SessionErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/**
 * The secret is missing, too short, easy to guess, repeated, or one that was published as an example.
 * The message says which one of several.
 *
 * Codes: `ERR_SESSION_SECRET_MISSING`, `ERR_SESSION_SECRET_TOO_SHORT`, `ERR_SESSION_SECRET_WEAK`,
 * `ERR_SESSION_SECRET_REPEATED`, `ERR_SESSION_SECRET_PUBLISHED`.
 */
export class SessionSecretError extends SessionError {
  override readonly name = "SessionSecretError";
  declare readonly code:
    | "ERR_SESSION_SECRET_MISSING"
    | "ERR_SESSION_SECRET_TOO_SHORT"
    | "ERR_SESSION_SECRET_WEAK"
    | "ERR_SESSION_SECRET_REPEATED"
    | "ERR_SESSION_SECRET_PUBLISHED";
}

/**
 * An option cannot be used as it was given. The message says what was given, what is allowed and how
 * to fix it.
 *
 * Codes: `ERR_SESSION_OPTION`, and `ERR_SESSION_NAME_TAKEN` when two different definitions use one
 * cookie name in the same request.
 */
export class SessionOptionError extends SessionError {
  override readonly name = "SessionOptionError";
  declare readonly code: "ERR_SESSION_OPTION" | "ERR_SESSION_NAME_TAKEN";
}

/**
 * `getSession()` was called where it cannot know the request, or with arguments that lead to no
 * response, or a copy of the session was made or used where it could not be saved, or `useSession()` was
 * called without a provider.
 *
 * Codes: `ERR_SESSION_OUTSIDE_REQUEST`, `ERR_SESSION_IN_PROXY`, `ERR_SESSION_IN_CACHE`,
 * `ERR_SESSION_IN_AFTER`, `ERR_SESSION_ARGUMENTS`, `ERR_SESSION_COPY`,
 * `ERR_SESSION_IN_CLIENT_COMPONENT`, `ERR_SESSION_NO_PROVIDER`.
 */
export class SessionContextError extends SessionError {
  override readonly name = "SessionContextError";
  declare readonly code:
    | "ERR_SESSION_OUTSIDE_REQUEST"
    | "ERR_SESSION_IN_PROXY"
    | "ERR_SESSION_IN_CACHE"
    | "ERR_SESSION_IN_AFTER"
    | "ERR_SESSION_ARGUMENTS"
    | "ERR_SESSION_COPY"
    | "ERR_SESSION_IN_CLIENT_COMPONENT"
    | "ERR_SESSION_NO_PROVIDER";
}

/**
 * The session was changed where no cookie can be sent: in a server component, in `generateMetadata`,
 * in `after()`, or after the response was sent. Or it was changed in a request that another site sent,
 * where `trustedOrigins` forbids that.
 *
 * Codes: `ERR_SESSION_READ_ONLY`, `ERR_SESSION_CROSS_ORIGIN`.
 */
export class SessionReadOnlyError extends SessionError {
  override readonly name = "SessionReadOnlyError";
  declare readonly code: "ERR_SESSION_READ_ONLY" | "ERR_SESSION_CROSS_ORIGIN";
}

/**
 * The session does not fit its cookie. The message names the bytes, the limit and the largest keys.
 *
 * Code: `ERR_SESSION_TOO_LARGE`.
 */
export class SessionTooLargeError extends SessionError {
  override readonly name = "SessionTooLargeError";
  declare readonly code: "ERR_SESSION_TOO_LARGE";
}

/**
 * A value cannot be kept exactly, or does not fit the `schema`. The message names its path, such as
 * `session.user.lastSeen is a Promise`.
 *
 * Codes: `ERR_SESSION_SERIALIZATION`, `ERR_SESSION_SCHEMA`.
 */
export class SessionSerializationError extends SessionError {
  override readonly name = "SessionSerializationError";
  declare readonly code: "ERR_SESSION_SERIALIZATION" | "ERR_SESSION_SCHEMA";
}

/**
 * The server-side store failed or did not answer in time, or the function in the option
 * `revocation.before` failed. Their own error is the `cause`. Nobody is logged out by it, and nothing is
 * half written.
 *
 * Codes: `ERR_SESSION_STORE`, `ERR_SESSION_STORE_TIMEOUT`, `ERR_SESSION_REVOCATION`.
 */
export class SessionStoreError extends SessionError {
  override readonly name = "SessionStoreError";
  declare readonly code:
    | "ERR_SESSION_STORE"
    | "ERR_SESSION_STORE_TIMEOUT"
    | "ERR_SESSION_REVOCATION";
}
