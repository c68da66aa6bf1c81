/*
 * What browsers get in the place of index.ts, by the condition `browser` in package.json. It exports the
 * same names.
 */

export { defineSession, refuse as getSession } from "./browser/definition.ts";
export {
  SessionContextError,
  SessionError,
  SessionOptionError,
  SessionReadOnlyError,
  SessionSecretError,
  SessionSerializationError,
  SessionStoreError,
  SessionTooLargeError,
} from "./errors/errors.ts";
