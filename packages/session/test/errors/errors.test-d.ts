import {
  type SessionError,
  type SessionErrorCode,
  SessionSerializationError,
} from "../../src/index.ts";
import { same } from "../support/same-type.ts";

/** Fails to compile if a code is missing, because the function could then return nothing. */
export function everyErrorCodeCanBeSwitchedOn(code: SessionErrorCode): number {
  switch (code) {
    case "ERR_SESSION_SECRET_MISSING":
    case "ERR_SESSION_SECRET_TOO_SHORT":
    case "ERR_SESSION_SECRET_WEAK":
    case "ERR_SESSION_SECRET_REPEATED":
    case "ERR_SESSION_SECRET_PUBLISHED":
    case "ERR_SESSION_OPTION":
    case "ERR_SESSION_NAME_TAKEN":
    case "ERR_SESSION_OUTSIDE_REQUEST":
    case "ERR_SESSION_IN_PROXY":
    case "ERR_SESSION_IN_CACHE":
    case "ERR_SESSION_IN_AFTER":
    case "ERR_SESSION_ARGUMENTS":
    case "ERR_SESSION_COPY":
    case "ERR_SESSION_IN_CLIENT_COMPONENT":
    case "ERR_SESSION_NO_PROVIDER":
      return 500;
    case "ERR_SESSION_CROSS_ORIGIN":
    case "ERR_SESSION_READ_ONLY":
      return 409;
    case "ERR_SESSION_TOO_LARGE":
      return 413;
    case "ERR_SESSION_SERIALIZATION":
    case "ERR_SESSION_SCHEMA":
      return 422;
    case "ERR_SESSION_STORE":
    case "ERR_SESSION_STORE_TIMEOUT":
    case "ERR_SESSION_REVOCATION":
      return 503;
  }
}

export function anErrorsClassNarrowsItsCode(error: SessionError) {
  same<typeof error.code, SessionErrorCode>();
  if (error instanceof SessionSerializationError) {
    same<typeof error.code, "ERR_SESSION_SERIALIZATION" | "ERR_SESSION_SCHEMA">();
  }
  // @ts-expect-error: there is no such code
  error.code === "ERR_SESSION_STORES";
}
