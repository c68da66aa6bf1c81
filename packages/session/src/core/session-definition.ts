import type { IncomingMessage, ServerResponse } from "node:http";
import type { NextRequest, NextResponse } from "next/server.js";
import type { UserId } from "../homes/user-groups.ts";
import type { RejectReason } from "../session/lifetime.ts";
import type { Session } from "../session/session.ts";
import type { PublicKey, PublicSession } from "./public-session.ts";

/** The arguments of `getSession`: none, or a request and the response to it. */
export type SessionArguments =
  | []
  | [request: NextRequest, response: NextResponse]
  | [request: Request, response: Response | Headers]
  | [request: IncomingMessage, response: ServerResponse];

/**
 * Returns this request's session. All calls in one request return the same object, whether a layout,
 * a page, a helper, an action or its re-render makes them.
 *
 * Every overload checks the options at its first call and can throw:
 *
 * - SessionSecretError (`ERR_SESSION_SECRET_MISSING`, `ERR_SESSION_SECRET_TOO_SHORT`,
 *   `ERR_SESSION_SECRET_WEAK`, `ERR_SESSION_SECRET_REPEATED`, `ERR_SESSION_SECRET_PUBLISHED`) if a
 *   secret cannot be used
 * - SessionOptionError (`ERR_SESSION_OPTION`) if another option cannot be used
 * - SessionOptionError (`ERR_SESSION_NAME_TAKEN`) if a different definition has used the same cookie
 *   name in this request
 * - SessionStoreError (`ERR_SESSION_STORE`, `ERR_SESSION_STORE_TIMEOUT`) if the `store` cannot be
 *   opened, fails, or does not answer in time
 *
 * A bad cookie never throws: the session is then empty.
 */
export interface GetSession<Data> {
  /**
   * For a server component (to read), a server action or a route handler.
   *
   * @throws SessionContextError (`ERR_SESSION_OUTSIDE_REQUEST`) if Next.js is handling no request
   * @throws SessionContextError (`ERR_SESSION_IN_PROXY`) in a proxy: pass the request and the response
   * @throws SessionContextError (`ERR_SESSION_IN_CACHE`) inside `"use cache"`
   * @throws SessionContextError (`ERR_SESSION_IN_AFTER`) inside a server component's `after()`
   * @throws SessionSecretError, SessionOptionError, SessionStoreError as {@link GetSession} lists
   *
   * @example
   * await using session = await getSession();
   * session.visits = (session.visits ?? 0) + 1;
   */
  (): Promise<Session<Data>>;

  /**
   * For the proxy (middleware). Changes reach the browser through `response`, and also the page,
   * action or route handler of this same request.
   *
   * @throws SessionContextError (`ERR_SESSION_ARGUMENTS`) if the two are not a request and its response
   * @throws SessionSecretError, SessionOptionError, SessionStoreError as {@link GetSession} lists
   *
   * @example
   * const response = NextResponse.next();
   * await using session = await getSession(request, response);
   * session.visits = (session.visits ?? 0) + 1;
   * return response;
   */
  (request: NextRequest, response: NextResponse): Promise<Session<Data>>;

  /**
   * For a web `Request`, and the `Response` or the `Headers` that get the cookie.
   *
   * @throws SessionContextError (`ERR_SESSION_ARGUMENTS`) if the two are not a request and its response
   * @throws SessionSecretError, SessionOptionError, SessionStoreError as {@link GetSession} lists
   *
   * @example
   * const headers = new Headers();
   * await using session = await getSession(request, headers);
   */
  (request: Request, response: Response | Headers): Promise<Session<Data>>;

  /**
   * For Node's request and response, which `getServerSideProps`, API routes and servers without
   * Next.js have.
   *
   * @throws SessionContextError (`ERR_SESSION_ARGUMENTS`) if the two are not a request and its response
   * @throws SessionSecretError, SessionOptionError, SessionStoreError as {@link GetSession} lists
   *
   * @example
   * const session = await getSession(req, res);
   * session.visits = (session.visits ?? 0) + 1;
   * await session.save(); // before the response's headers are sent
   */
  (request: IncomingMessage, response: ServerResponse): Promise<Session<Data>>;
}

/** The result of `decode`: the session, or the reason why the cookie is refused. */
export type DecodeResult<Data> =
  | {
      readonly ok: true;
      readonly data: Partial<Data>;
      readonly permanent: boolean;
      /** When the cookie was signed, to the second. */
      readonly issuedAt: Date;
    }
  | { readonly ok: false; readonly reason: RejectReason };

/** The functions of one kind of session. {@link defineSession} returns them. */
export interface SessionDefinition<Data> {
  readonly getSession: GetSession<Data>;

  /**
   * Returns a cookie value that `getSession` reads as this data. Works outside Next.js. With a `store`
   * it writes a record, and the value holds the session's id.
   *
   * @param options.permanent The session's `permanent`. Default: `false`.
   * @throws SessionSerializationError (`ERR_SESSION_SERIALIZATION`) if a value cannot be kept; the
   * message has its path
   * @throws SessionSerializationError (`ERR_SESSION_SCHEMA`) if the data does not fit `schema`
   * @throws SessionTooLargeError (`ERR_SESSION_TOO_LARGE`) if it does not fit one cookie
   * @throws SessionStoreError (`ERR_SESSION_STORE`, `ERR_SESSION_STORE_TIMEOUT`) if the `store` fails
   * or does not answer in time
   * @throws SessionSecretError, SessionOptionError as {@link GetSession} lists
   *
   * @example
   * const value = await encode({ visits: 1 }, { permanent: true });
   */
  encode(
    data: Partial<Data>,
    options?: { permanent?: boolean | undefined } | undefined,
  ): Promise<string>;

  /**
   * Returns what a cookie value holds, or why it is refused. Works outside Next.js, and never throws
   * for a bad cookie.
   *
   * @throws SessionStoreError (`ERR_SESSION_STORE`, `ERR_SESSION_STORE_TIMEOUT`) if the `store` fails
   * or does not answer in time
   * @throws SessionSecretError, SessionOptionError as {@link GetSession} lists
   *
   * @example
   * const result = await decode(value);
   * if (result.ok) console.log(result.data, result.issuedAt);
   * else console.log(result.reason); // "bad-signature"
   */
  decode(value: string): Promise<DecodeResult<Data>>;

  /**
   * Ends a session in the `store`, wherever it is in use: "log out this device". No request that is
   * under way brings it back, and a session that has meanwhile been given a new id ends too. To end
   * what has ended is no error. Works outside Next.js.
   *
   * @param sessionId `session.sessionId`, as the app has kept it.
   * @throws SessionOptionError (`ERR_SESSION_OPTION`) without the option `store`
   * @throws SessionStoreError (`ERR_SESSION_STORE`, `ERR_SESSION_STORE_TIMEOUT`)
   *
   * @example
   * await endSession(device.sessionId);
   */
  endSession(sessionId: string): Promise<void>;

  /**
   * Lists a user's sessions in the `store`: "your devices". The one that was written last comes first.
   * Needs the option `userOf`. Works outside Next.js.
   *
   * @param userId What `userOf` returns for the user.
   * @param options.describe Picks what a list shows of a session's data. Default: nothing.
   * @throws SessionOptionError (`ERR_SESSION_OPTION`) without the options `store` and `userOf`, if the
   * store lacks the methods for it, or if this is no user id
   * @throws SessionStoreError (`ERR_SESSION_STORE`, `ERR_SESSION_STORE_TIMEOUT`)
   *
   * @example
   * const devices = await sessionsOf(user.id, { describe: ({ browser }) => ({ browser }) });
   * for (const { sessionId, lastSeen, data } of devices) console.log(sessionId, lastSeen, data.browser);
   */
  sessionsOf<Description = undefined>(
    userId: UserId,
    options?: { describe?: ((data: Partial<Data>) => Description) | undefined } | undefined,
  ): Promise<UserSession<Description>[]>;

  /**
   * Ends all sessions of a user in the `store`: "log out everywhere", and after a change of the password.
   * No request that is under way brings one back, and a session that has meanwhile been given a new id
   * ends too. Needs the option `userOf`. Works outside Next.js.
   *
   * @param userId What `userOf` returns for the user.
   * @param options.except The `sessionId` of a session that goes on, such as the one of this request.
   * Default: none.
   * @throws SessionOptionError (`ERR_SESSION_OPTION`) without the options `store` and `userOf`, if the
   * store lacks the methods for it, or if this is no user id
   * @throws SessionStoreError (`ERR_SESSION_STORE`, `ERR_SESSION_STORE_TIMEOUT`)
   *
   * @example
   * await using session = await getSession();
   * await endSessionsOf(session.userId, { except: session.sessionId });
   */
  endSessionsOf(
    userId: UserId,
    options?: { except?: string | undefined } | undefined,
  ): Promise<void>;

  /**
   * Names what the browser may see of the session. Returns this definition with `getPublicSession()`,
   * which gives a plain object of these keys, and of no other, for client components. Their
   * `useSession()`, from `next-signed-session/react`, has its type.
   *
   * @param keys Keys of the data. They are checked when `getPublicSession()` is called, which throws a
   * SessionOptionError (`ERR_SESSION_OPTION`) for the names `expiresAt` and `readAt` and for those of
   * a session's own properties and methods.
   *
   * @example
   * // lib/session.ts
   * export const { getSession, getPublicSession } = defineSession<{
   *   userId: string;
   *   name: string;
   *   cart: Record<string, number>;
   * }>().expose("name", "cart");
   */
  expose<Key extends PublicKey<Data>>(
    ...keys: readonly [Key, ...Key[]]
  ): ExposedDefinition<Data, Key>;
}

/** A definition that has named what the browser may see: `expose()` returns it. */
export interface ExposedDefinition<Data, Key extends keyof Data> extends SessionDefinition<Data> {
  /**
   * Returns what the browser may see of this request's session: the keys that `expose()` named, when
   * the session ends, and the server's time. It reads the session as `getSession()` does and works
   * wherever that works without arguments, also inside `"use cache: private"`. Nothing that is done to
   * the object changes the session.
   *
   * @throws SessionOptionError (`ERR_SESSION_OPTION`) if `expose()` named what cannot be public
   * @throws SessionSerializationError (`ERR_SESSION_SERIALIZATION`) if a value cannot be kept
   * @throws SessionError with the codes of `getSession()` without arguments
   *
   * @example
   * // app/layout.tsx
   * <SessionProvider session={getPublicSession()}>{children}</SessionProvider>
   */
  readonly getPublicSession: () => Promise<PublicSession<Pick<Data, Key>>>;
}

/** A session as `sessionsOf` lists it. */
export interface UserSession<Description = undefined> {
  /** The session's key in the store. It is no secret. `endSession(sessionId)` ends the session. */
  readonly sessionId: string;
  /**
   * When the session began, to the second. The session of a guest who logged in later began with the first
   * visit, unless the login calls `clear()` or the option `revocation` is set.
   */
  readonly began: Date;
  /**
   * When the session was last saved, to the second. A request that changes nothing saves a permanent
   * session only when it is due for its refresh, after `refreshAfter`.
   */
  readonly lastSeen: Date;
  /** What `describe` picked. */
  readonly data: Description;
}
