import { SessionError, SessionOptionError, SessionStoreError } from "../errors/errors.ts";
import { withoutKeyv } from "../store/keyv.ts";
import { hasGroups, type OpenStore, RecordStore, type SessionStore } from "../store/store.ts";
import type { HomeContext, StoreSettings } from "./load-home.ts";
import { SessionCookie } from "./session-cookie.ts";
import { StoreHome } from "./store-home.ts";
import { UserGroups } from "./user-groups.ts";

export async function openStoreHome(
  { option, backend, secrets, timeout }: StoreSettings,
  context: HomeContext,
): Promise<StoreHome> {
  const given = typeof backend === "function" ? await opened(backend) : backend;
  const backing = withoutKeyv(checkedStore(option, given));
  const { name, lifetime, adapt, now } = context;
  return new StoreHome({
    ...{ name, secrets, lifetime, adapt, now },
    store: new RecordStore(backing, timeout),
    cookie: new SessionCookie(context),
    users: userGroupsIn(backing, context),
  });
}

function userGroupsIn(
  store: SessionStore,
  { name, userOf, revocation, adapt }: HomeContext,
): UserGroups | undefined {
  if (!userOf) return undefined;
  if (hasGroups(store)) return new UserGroups({ name, userOf, adapt });
  // A user's sessions can be ended without being listed.
  if (revocation) return undefined;
  throw new SessionOptionError(
    "ERR_SESSION_OPTION",
    "The session option `userOf` needs a store with the methods addMember(group, member, ttl), removeMember(group, member) and membersOf(group). What sqliteStore() returns and a KeyvRedis have them; give your own store these methods.",
  );
}

function checkedStore(option: string, store: unknown): SessionStore {
  const given = (store ?? {}) as Record<string, unknown>;
  for (const method of ["get", "set", "delete"]) {
    if (typeof given[method] === "function") continue;
    // The message does not show the store, which may hold its password.
    throw new SessionOptionError(
      "ERR_SESSION_OPTION",
      `The session option \`${option}\` has no method ${method}(). Give a Keyv, a KeyvRedis, what sqliteStore() returns, an object with get(key), set(key, value, ttl) and delete(key), or a function that returns one of these.`,
    );
  }
  return store as SessionStore;
}

async function opened(open: OpenStore): Promise<SessionStore> {
  try {
    return await open();
  } catch (cause) {
    if (cause instanceof SessionError) throw cause;
    throw new SessionStoreError(
      "ERR_SESSION_STORE",
      "The session store could not be opened; the error that the function in the option `store` threw is the cause of this one. The next request tries again.",
      { cause },
    );
  }
}
