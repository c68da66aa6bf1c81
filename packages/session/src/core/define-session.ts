import { ambientJar } from "../jars/ambient.ts";
import { NextJar } from "../jars/next.ts";
import { notedOtherWay } from "../jars/one-request.ts";
import { loadSettings } from "../options/load-settings.ts";
import type { SessionOptions } from "../options/options.ts";
import { type Awaitable, loadOnce, whenReady } from "../runtime/awaitable.ts";
import { isDevelopment } from "../runtime/environment.ts";
import type { InferData, StandardSchema } from "../session/schema.ts";
import type { Session, SessionData } from "../session/session.ts";
import { PARTS, SessionObject } from "../session/session-object.ts";
import type { ReportingJar } from "./development-reports.ts";
import { flashTimingOf } from "./flash-timing.ts";
import type { PublicKey } from "./public-session.ts";
import { oncePerRequest } from "./request-scope.ts";
import type { DecodeResult, ExposedDefinition, SessionDefinition } from "./session-definition.ts";
import { SessionManager } from "./session-manager.ts";

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
 * }>({ idleTimeout: { days: 31 } });
 */
export function defineSession<Schema extends StandardSchema>(
  options: SessionOptions<InferData<Schema>> & {
    schema: Schema & StandardSchema<SessionData<InferData<Schema>>>;
  },
): SessionDefinition<InferData<Schema>>;
export function defineSession<Data extends SessionData<Data> = Record<string, unknown>>(
  options?: SessionOptions<Data> & { schema?: StandardSchema<Data> | undefined },
): SessionDefinition<Data>;
export function defineSession<Data>(options?: SessionOptions): SessionDefinition<Data> {
  // A store that could not be opened is opened again at the next call.
  const manager = loadOnce(() => loadManager(options));

  const definition: SessionDefinition<Data> = {
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
      // A new visitor's `cookies().get(name)?.value` is undefined, and a repeated query parameter a list.
      const text = typeof value === "string" ? value : "";
      const decoded = whenReady(manager(), (ready) => ready.read(text));
      return whenReady(decoded, (result): DecodeResult<Data> => {
        if (!result.ok) return { ok: false, reason: result.reason };
        const { data, permanent } = result.payload;
        const issuedAt = new Date(result.issuedAt * 1000);
        return { ok: true, data: data as Partial<Data>, permanent, issuedAt };
      });
    },

    async endSession(sessionId) {
      const [stored, { home }] = await Promise.all([loadStoredSessions(), manager()]);
      await stored.endSession(home, sessionId);
    },

    async sessionsOf(userId, { describe } = {}) {
      const [stored, { home }] = await Promise.all([loadStoredSessions(), manager()]);
      return stored.sessionsOf(home, userId, describe as never);
    },

    async endSessionsOf(userId, { except } = {}) {
      const [stored, { home }] = await Promise.all([loadStoredSessions(), manager()]);
      await stored.endSessionsOf(home, userId, except);
    },

    expose<Key extends PublicKey<Data>>(...keys: readonly [Key, ...Key[]]) {
      const getPublicSession = async () => {
        const { publicSession } = await import("./public-session.ts");
        const session = await inNext(manager);
        return publicSession(session, session[PARTS](), keys);
      };
      return { ...definition, getPublicSession } as ExposedDefinition<Data, Key>;
    },
  };
  return definition;
}

const loadStoredSessions = () => import("./stored-sessions.ts");

let reports: typeof import("./development-reports.ts") | undefined;

async function loadManager(options: SessionOptions | undefined): Promise<SessionManager> {
  const settings = await loadSettings(options);
  if (isDevelopment()) reports = await import("./development-reports.ts");
  return SessionManager.load(settings);
}

/** The session, whose losses are reported in development. */
function watched(jar: ReportingJar, session: SessionObject): Awaitable<SessionObject> {
  const watching = reports?.reportLosses(jar, () => SessionObject.unsaved(session));
  return watching ? watching.then(() => session) : session;
}

type LoadManager = () => Awaitable<SessionManager>;

async function inNext(load: LoadManager): Promise<SessionObject> {
  // Before the options are checked: `next build` learns here that the page needs a request, on a
  // machine that may have no secret.
  const jar = ambientJar() ?? (await NextJar.ofThisRequest());
  const flashTiming = jar instanceof NextJar ? flashTimingOf(jar.header) : undefined;
  return whenReady(load(), (manager) => {
    if (
      jar instanceof NextJar &&
      notedOtherWay("without arguments", jar.cookieHeader, manager.name)
    ) {
      return refuseBothWays();
    }
    return oncePerRequest(jar.request, manager, () =>
      whenReady(manager.open(jar, flashTiming), (session) => {
        if (jar instanceof NextJar) void watched(jar, session);
        return session;
      }),
    );
  });
}

/** @throws SessionContextError (`ERR_SESSION_ARGUMENTS`) */
async function refuseBothWays(): Promise<never> {
  const { calledBothWays } = await import("../jars/next-refusals.ts");
  throw calledBothWays();
}

/** Pages, actions and most route handlers do without them. */
const loadResponseJars = loadOnce(() => import("../jars/from-arguments.ts"));

async function onResponse(
  load: LoadManager,
  request: unknown,
  response: unknown,
): Promise<SessionObject> {
  const { jarOf } = await loadResponseJars();
  return whenReady(load(), (manager) => {
    const jar = jarOf(request, response, manager.name);
    return oncePerRequest(jar.request, manager, () =>
      whenReady(manager.open(jar, flashTimingOf(jar.header)), (session) => watched(jar, session)),
    );
  });
}
