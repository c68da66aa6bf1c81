import { SessionReadOnlyError } from "../errors/errors.ts";

/** @param problem Where, when or beside what the session was changed. */
export function readOnly(problem: string, remedy: string, cause?: unknown): SessionReadOnlyError {
  return new SessionReadOnlyError(
    "ERR_SESSION_READ_ONLY",
    `The session was changed ${problem}. ${remedy}`,
    { cause },
  );
}

export function tooLate(): SessionReadOnlyError {
  return readOnly(
    "after the response was sent, too late for its cookie",
    "Change it, and save it, before the handler returns.",
  );
}
