import type { SessionControls } from "./session.ts";

/** Node's `util.inspect`, or another runtime's equivalent. */
export type Inspect = (value: unknown, options?: object) => string;

/** What `console.log(session)` prints: the data, then the controls that are not at their default. */
export function inspection(
  session: SessionControls,
  depth: number | null,
  options: object,
  inspect: Inspect,
): string {
  if (depth !== null && depth < 0) return "[Session]";
  const inner = { ...options, depth };
  const { permanent, isNew, sessionId, flashes } = session;
  const controls = {
    ...(permanent && { permanent }),
    ...(isNew && { isNew }),
    ...(isModified(session) && { modified: true }),
    ...(sessionId !== undefined && { sessionId }),
    ...(flashes.length > 0 && { flashes }),
  };
  const data = `Session ${inspect({ ...session }, inner)}`;
  return Object.keys(controls).length > 0 ? `${data} with ${inspect(controls, inner)}` : data;
}

/** A session that cannot be kept must still be printed: that is when users look at it. */
function isModified(session: SessionControls): boolean {
  try {
    return session.modified;
  } catch {
    return true;
  }
}
