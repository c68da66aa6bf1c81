import { SessionOptionError } from "../errors/errors.ts";
import type { Awaitable } from "../runtime/awaitable.ts";

interface Definition {
  readonly name: string;
  /** Tells one set of options from another. */
  readonly fingerprint: string;
}

interface Scoped {
  readonly fingerprint: string;
  readonly opened: Awaitable<unknown>;
}

/**
 * One session per request and cookie name. Turbopack loads this package several times in one process,
 * and only `globalThis` is common to all instances.
 */
const KEY = Symbol.for("next-signed-session.request-scope");
const shared = globalThis as { [KEY]?: WeakMap<object, Map<string, Scoped>> };

/**
 * What `open` gave when it was first called for this request and name.
 *
 * @throws SessionOptionError (`ERR_SESSION_NAME_TAKEN`) when that was for other options: the second
 * session would overwrite the first one's cookie
 */
export function oncePerRequest<Opened>(
  request: object,
  { name, fingerprint }: Definition,
  open: () => Awaitable<Opened>,
): Awaitable<Opened> {
  shared[KEY] ??= new WeakMap();
  const sessions = shared[KEY].get(request) ?? new Map<string, Scoped>();
  shared[KEY].set(request, sessions);

  const known = sessions.get(name);
  if (known?.fingerprint === fingerprint) return known.opened as Awaitable<Opened>;
  if (known) {
    throw new SessionOptionError(
      "ERR_SESSION_NAME_TAKEN",
      `Two different session definitions use the cookie name ${JSON.stringify(name)} in one request, and would overwrite each other. Define each session once, in a module of its own, and give a second kind another \`name\`.`,
    );
  }

  const opened = open();
  sessions.set(name, { fingerprint, opened });
  // The next call tries again. A failure is not cached for the rest of the request.
  if (opened instanceof Promise) opened.catch(() => sessions.delete(name));
  return opened;
}
