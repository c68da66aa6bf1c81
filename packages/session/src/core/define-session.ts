import type { IncomingMessage, ServerResponse } from "node:http";
import type { NextRequest, NextResponse } from "next/server.js";
import { ambientJar } from "../jars/ambient.ts";
import { NextJar } from "../jars/next.ts";
import { assertOneWay } from "../jars/one-request.ts";
import type { SessionOptions } from "../options/options.ts";
import { checkOptions } from "../options/settings.ts";
import { type Awaitable, whenReady } from "../runtime/awaitable.ts";
import type { RejectReason } from "../session/lifetime.ts";
import type { InferData, StandardSchema } from "../session/schema.ts";
import type { Session, SessionData } from "../session/session.ts";
import type { SessionObject } from "../session/session-object.ts";
import { reportLosses } from "./development-reports.ts";
import { flashTimingOf } from "./flash-timing.ts";
import { oncePerRequest } from "./request-scope.ts";
import { SessionManager } from "./session-manager.ts";

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
 *   `ERR_SESSION_SECRET_REPEATED`, `ERR_SESSION_SECRET_PUBLISHED`) if a secret cannot be used
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
}

/**
 * Defines an app's session: the type of its data, and its options. Call it once, in a module of its
 * own, and import `getSession` from there.
 *
 * The options are checked when the first session is asked for. So importing that module never throws,
 * not even in a build without the secret.
 *
 * @example
 * // lib/session.ts
 * export const { getSession, encode, decode } = defineSession<{
 *   visits: number;
 *   cart: Record<string, string>;
 * }>({ permanentLifetime: { days: 31 } });
 */
export function defineSession<Schema extends StandardSchema>(
  options: SessionOptions & { schema: Schema & StandardSchema<SessionData<InferData<Schema>>> },
): SessionDefinition<InferData<Schema>>;
export function defineSession<Data extends SessionData<Data> = Record<string, unknown>>(
  options?: SessionOptions & { schema?: StandardSchema<Data> | undefined },
): SessionDefinition<Data>;
export function defineSession<Data>(options?: SessionOptions): SessionDefinition<Data> {
  let loaded: Awaitable<SessionManager> | undefined;
  const load = () => {
    const loading = SessionManager.load(checkOptions(options));
    loading.then(
      (manager) => {
        loaded = manager;
      },
      // The next call tries again to open a store that could not be opened.
      () => {
        loaded = undefined;
      },
    );
    return loading;
  };
  const manager = () => (loaded ??= load());

  return {
    getSession(...given: [] | [request: unknown, response: unknown]) {
      const session = given.length === 0 ? inNext(manager) : onResponse(manager, ...given);
      return session as Promise<unknown> as Promise<Session<Data>>;
    },

    async encode(data, { permanent = false } = {}) {
      return whenReady(manager(), (ready) =>
        ready.encode(data as Record<string, unknown>, permanent),
      );
    },

    async decode(value) {
      // A new visitor's `cookies().get(name)?.value` is undefined. JavaScript users pass it on.
      const decoded = whenReady(manager(), (ready) => ready.read(value ?? ""));
      return whenReady(decoded, (result): DecodeResult<Data> => {
        if (!result.ok) return { ok: false, reason: result.reason };
        const { data, permanent } = result.payload;
        const issuedAt = new Date(result.issuedAt * 1000);
        return { ok: true, data: data as Partial<Data>, permanent, issuedAt };
      });
    },

    async endSession(sessionId) {
      const ready = await manager();
      await ready.end(sessionId);
    },
  };
}

type LoadManager = () => Awaitable<SessionManager>;

async function inNext(load: LoadManager): Promise<SessionObject> {
  // Before the options are checked: `next build` learns here that the page needs a request, on a
  // machine that may have no secret.
  const jar = ambientJar() ?? (await NextJar.ofThisRequest());
  const flashTiming = jar instanceof NextJar ? flashTimingOf(jar.header) : undefined;
  return whenReady(load(), (manager) => {
    if (jar instanceof NextJar) assertOneWay("without arguments", jar.cookieHeader, manager.name);
    return oncePerRequest(jar.request, manager, () =>
      whenReady(manager.open(jar, flashTiming), (session) => {
        if (isDevelopment() && jar instanceof NextJar) void reportLosses(jar, session);
        return session;
      }),
    );
  });
}

let responseJars: Awaitable<typeof import("../jars/from-arguments.ts")> | undefined;

/** Pages, actions and most route handlers do without them. */
function loadResponseJars() {
  responseJars ??= import("../jars/from-arguments.ts").then((module) => {
    responseJars = module;
    return module;
  });
  return responseJars;
}

async function onResponse(
  load: LoadManager,
  request: unknown,
  response: unknown,
): Promise<SessionObject> {
  const { jarOf } = await loadResponseJars();
  return whenReady(load(), (manager) => {
    const jar = jarOf(request, response, manager.name);
    return oncePerRequest(jar.request, manager, () =>
      whenReady(manager.open(jar, flashTimingOf(jar.header)), (session) =>
        isDevelopment() ? reportLosses(jar, session).then(() => session) : session,
      ),
    );
  });
}

const isDevelopment = () => process.env.NODE_ENV === "development";
