import { SessionOptionError } from "../errors/errors.ts";
import type { HeldSession } from "../homes/home.ts";
import type { Renew, Renewed } from "../session/binding.ts";
import type { SessionResources } from "./request-session.ts";

/** What `session.once()` does. It is loaded when it is first called. */
export async function renewOnce(
  { home, schemaCheck, report }: SessionResources,
  held: HeldSession | undefined,
  key: string,
  renew: Renew,
): Promise<Renewed | undefined> {
  if (!home.renew) {
    throw new SessionOptionError(
      "ERR_SESSION_OPTION",
      "session.once() needs the session option `store`: requests with the same cookie can only wait for each other there.",
    );
  }
  // No other request can have a session that is not stored yet.
  if (!held) return { value: await renew(new AbortController().signal), isStored: false };
  const checked: Renew = async (signal) => {
    const renewed = await renew(signal);
    await schemaCheck?.assertFits({ ...held.payload.data, [key]: renewed });
    return renewed;
  };
  const text = await home.renew(held, key, checked);
  if (text !== undefined) return { value: home.parse(text).data[key], isStored: true };
  report("unknown-session");
  return undefined;
}
