import type { ExposedDefinition, SessionDefinition } from "../core/session-definition.ts";

/**
 * `defineSession` for the browser: a definition that holds nothing of the session, and whose functions
 * say that they belong on the server. A module with a definition can be shared with client components by
 * mistake. Then neither the cryptography nor the stores are sent along.
 */
export function defineSession(): SessionDefinition<never> {
  // Written out, because bundlers replace only this literal.
  if (typeof process !== "undefined" && process.env.NODE_ENV === "development") {
    console.warn(
      "[next-signed-session] The browser loads the module that defines the session, and with it all that this module imports. Keep the definition in a file of its own, which client components import types from, and nothing else.",
    );
  }
  const definition: SessionDefinition<never> = {
    getSession: refuse,
    encode: refuse,
    decode: refuse,
    endSession: refuse,
    sessionsOf: refuse,
    endSessionsOf: refuse,
    expose: () => ({ ...definition, getPublicSession: refuse }) as ExposedDefinition<never, never>,
  };
  return definition;
}

/** @throws SessionContextError (`ERR_SESSION_IN_CLIENT_COMPONENT`) */
export async function refuse(): Promise<never> {
  throw (await import("../errors/in-browser.ts")).inBrowser();
}
