import { SessionContextError } from "./errors.ts";

/** The error of a session's functions where there is a page around them. */
export function inBrowser(): SessionContextError {
  return new SessionContextError(
    "ERR_SESSION_IN_CLIENT_COMPONENT",
    'getSession() was called in the browser, by a client component or by what it imports. Scripts cannot read the cookie, and the browser must not get the module that defines the session. Name what may be public, defineSession<Data>().expose("name"), pass getPublicSession() to a SessionProvider in a layout, and call useSession(), both from createSessionContext() of next-signed-session/react. To change the session, call a server action. In a test, use the environment of Node.js instead of jsdom.',
  );
}
