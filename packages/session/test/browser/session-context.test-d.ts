import { defineSession } from "../../src/index.ts";
import { createSessionContext } from "../../src/react.ts";
import { type Data, same } from "../support/same-type.ts";

export async function useSessionHasTheTypeOfThePublicSession() {
  const { getSession, getPublicSession } = defineSession<Data>().expose("visits");
  const { SessionProvider, useSession, useSecondsLeft } =
    createSessionContext<typeof getPublicSession>();
  same<ReturnType<typeof useSession>, Awaited<ReturnType<typeof getPublicSession>>>();
  same<ReturnType<typeof useSecondsLeft>, number | undefined>();
  SessionProvider({ session: getPublicSession() });
  // @ts-expect-error: it was not exposed
  useSession().user;
  // @ts-expect-error: the session itself
  SessionProvider({ session: getSession() });
  // @ts-expect-error: a copy of the session
  SessionProvider({ session: getSession().then((session) => ({ ...session })) });
  const other = defineSession<{ visits: string }>().expose("visits");
  // @ts-expect-error: the public session of another definition
  SessionProvider({ session: other.getPublicSession() });
  // @ts-expect-error: the session is no public session
  createSessionContext<typeof getSession>();
}
