import type { IncomingMessage, ServerResponse } from "node:http";
import type { NextRequest, NextResponse } from "next/server.js";
import { ambientJar } from "../jars/ambient.ts";
import { jarOf } from "../jars/from-arguments.ts";
import { NextJar } from "../jars/next.ts";
import type { SessionOptions } from "../options/options.ts";
import { checkOptions } from "../options/settings.ts";
import { type Awaitable, whenReady } from "../runtime/awaitable.ts";
import type { RejectReason } from "../session/lifetime.ts";
import type { InferData, StandardSchema } from "../session/schema.ts";
import type { Session, SessionData } from "../session/session.ts";
import { SessionObject } from "../session/session-object.ts";
import { flashTimingOf } from "./flash-timing.ts";
import { oncePerRequest } from "./request-scope.ts";
import { SessionManager } from "./session-manager.ts";

/** What `getSession` can be called with: nothing, or a request and the response to it. */
export type SessionArguments =
  | []
  | [request: NextRequest, response: NextResponse]
  | [request: Request, response: Response | Headers]
  | [request: IncomingMessage, response: ServerResponse];

/**
 * Gives this request's session: the same object however often it is called in one request, from a
 * layout, a page, a helper or an action and its re-render.
 */
export interface GetSession<Data> {
  /**
   * In a server component (to read), a server action or a route handler.
   *
   * @throws SessionContextError (`ERR_SESSION_OUTSIDE_REQUEST`) where Next.js is handling no request
   * @throws SessionContextError (`ERR_SESSION_IN_PROXY`) in a proxy: pass the request and response
   * @throws SessionSecretError, SessionOptionError at the first call, if the options are not right
   *
   * @example
   * await using session = await getSession();
   * session.visits = (session.visits ?? 0) + 1;
   */
  (): Promise<Session<Data>>;

  /**
   * In the proxy (middleware): the change reaches the browser through `response`, and also the page,
   * action or route handler of this same request.
   *
   * @throws SessionContextError (`ERR_SESSION_ARGUMENTS`) when either is not what it should be
   *
   * @example
   * const response = NextResponse.next();
   * await using session = await getSession(request, response);
   * session.visits = (session.visits ?? 0) + 1;
   * return response;
   */
  (request: NextRequest, response: NextResponse): Promise<Session<Data>>;

  /** With a web `Request`, and the `Response` or the `Headers` that the cookie shall go to. */
  (request: Request, response: Response | Headers): Promise<Session<Data>>;

  /** With Node's request and response: `getServerSideProps`, API routes, servers without Next.js. */
  (request: IncomingMessage, response: ServerResponse): Promise<Session<Data>>;
}

/** What `decode` answers; it never throws for what a visitor sent. */
export type DecodeResult<Data> =
  | {
      readonly ok: true;
      readonly data: Partial<Data>;
      readonly permanent: boolean;
      /** When the cookie was signed, to the second. */
      readonly issuedAt: Date;
    }
  | { readonly ok: false; readonly reason: RejectReason };

export interface SessionDefinition<Data> {
  readonly getSession: GetSession<Data>;

  /**
   * A cookie value that holds this data, as `getSession` would read it. Works outside Next.js.
   *
   * @throws SessionSerializationError (`ERR_SESSION_SERIALIZATION`) naming what cannot be kept
   * @throws SessionTooLargeError (`ERR_SESSION_TOO_LARGE`) when it would not fit the cookie
   *
   * @example
   * const value = await encode({ visits: 1 }, { permanent: true });
   */
  encode(data: Partial<Data>, options?: { permanent?: boolean }): Promise<string>;

  /**
   * What a cookie value holds, or why it is refused. Works outside Next.js.
   *
   * @example
   * const result = await decode(value);
   * if (result.ok) console.log(result.data, result.issuedAt);
   * else console.log(result.reason); // "bad-signature"
   */
  decode(value: string): Promise<DecodeResult<Data>>;
}

/**
 * Describes an app's session: its data's type and its options. Call it once, in a module of its own,
 * and import `getSession` from there.
 *
 * Nothing happens and nothing is checked until the first session is asked for, so importing that
 * module never throws, not even in a build without the secret.
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
  options?: SessionOptions & { schema?: StandardSchema<Data> },
): SessionDefinition<Data>;
export function defineSession<Data>(options?: SessionOptions): SessionDefinition<Data> {
  let loaded: Awaitable<SessionManager> | undefined;
  const load = () => {
    const loading = SessionManager.load(checkOptions(options));
    loading.then(
      (manager) => {
        loaded = manager;
      },
      // A store that could not be opened is tried anew at the next call.
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
      // `cookies().get(name)?.value` has none for a new visitor, whatever the types say.
      const decoded = whenReady(manager(), (ready) => ready.read(value ?? ""));
      return whenReady(decoded, (result): DecodeResult<Data> => {
        if (!result.ok) return { ok: false, reason: result.reason };
        const { data, permanent } = result.payload;
        const issuedAt = new Date(result.issuedAt * 1000);
        return { ok: true, data: data as Partial<Data>, permanent, issuedAt };
      });
    },
  };
}

type LoadManager = () => Awaitable<SessionManager>;

async function inNext(load: LoadManager): Promise<SessionObject> {
  // Before the options: `next build` tries each page, and is told here that this one needs a request,
  // on a machine that may have no secret.
  const jar = ambientJar() ?? (await NextJar.ofThisRequest());
  const flashTiming = jar instanceof NextJar ? flashTimingOf(jar.header) : undefined;
  const open = (manager: SessionManager) =>
    whenReady(manager.open(jar, flashTiming), (session) => {
      if (process.env.NODE_ENV === "development" && jar instanceof NextJar) {
        jar.afterResponse(reportLosses(session));
      }
      return session;
    });
  return whenReady(load(), (manager) => oncePerRequest(jar.request, manager, () => open(manager)));
}

async function onResponse(
  load: LoadManager,
  request: unknown,
  response: unknown,
): Promise<SessionObject> {
  const jar = jarOf(request, response);
  return whenReady(load(), (manager) =>
    oncePerRequest(request as object, manager, () => manager.open(jar, flashTimingOf(jar.header))),
  );
}

/** In development nothing is lost in silence, where in production Next would let it. */
function reportLosses(session: SessionObject) {
  return (route: string, unsent: ReadonlySet<string>) => {
    const keys = SessionObject.unsavedKeys(session);
    if (keys.length > 0) {
      console.error(
        `[next-signed-session] ${route}: the session was changed (${keys.join(", ")}) and never saved. Write \`await using session = await getSession()\`, or end with \`await session.save()\`; in a server component, change it in an action instead.`,
      );
    }
    if (unsent.size > 0) {
      console.error(
        `[next-signed-session] ${route}: the cookie ${[...unsent].join(", ")} was set and never sent: the handler threw an error or notFound(), or had already returned its response. Save the session before that, and return \`new Response(null, { status: 404 })\` instead of notFound().`,
      );
    }
  };
}
