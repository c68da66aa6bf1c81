import { SessionOptionError } from "../errors/errors.ts";
import type { Awaitable } from "../runtime/awaitable.ts";
import { processGlobal } from "../runtime/process-global.ts";

interface Definition {
  readonly name: string;
  isSameAs(other: Definition): boolean;
}

interface Scoped {
  readonly definition: Definition;
  readonly opened: Awaitable<unknown>;
}

/** One session per request and cookie name, in all instances of this package. */
const scopes = processGlobal("request-scope", () => new WeakMap<object, Map<string, Scoped>>());

/**
 * What `open` gave when it was first called for this request and name.
 *
 * @throws SessionOptionError (`ERR_SESSION_NAME_TAKEN`) when that was for other options: the second
 * session would overwrite the first one's cookie
 */
export function oncePerRequest<Opened>(
  request: object,
  definition: Definition,
  open: () => Awaitable<Opened>,
): Awaitable<Opened> {
  const { name } = definition;
  const sessions = scopes.get(request) ?? new Map<string, Scoped>();
  scopes.set(request, sessions);

  const known = sessions.get(name);
  if (known && definition.isSameAs(known.definition)) return known.opened as Awaitable<Opened>;
  if (known) {
    throw new SessionOptionError(
      "ERR_SESSION_NAME_TAKEN",
      `Two different session definitions use the cookie name ${JSON.stringify(name)} in one request, and would overwrite each other. Define each session once, in a module of its own, and give a second kind another \`name\`.`,
    );
  }

  const opened = open();
  sessions.set(name, { definition, opened });
  // The next call tries again. A failure is not cached for the rest of the request.
  if (opened instanceof Promise) opened.catch(() => sessions.delete(name));
  return opened;
}
