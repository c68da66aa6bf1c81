import { SessionOptionError } from "../errors/errors.ts";
import type { StoreSettings } from "../homes/load-home.ts";
import type { SessionStore } from "../store/store.ts";
import { refuseUnknown } from "./checks.ts";
import type { StoredOptions } from "./options.ts";
import { checkedSecrets } from "./secrets.ts";

export function checkedStore(
  option: string,
  store: unknown,
  secrets: readonly string[],
  timeout: number,
): StoreSettings {
  const backend =
    typeof store === "function"
      ? async () => assertStore(option, await store())
      : assertStore(option, store);
  return { format: "stored", backend, secrets, timeout };
}

/** A store in the option `accept`: its sessions are read and never written. */
export function checkedAcceptedStore(
  option: string,
  given: StoredOptions,
  secrets: readonly string[],
  timeout: number,
): StoreSettings {
  refuseUnknown(given, ["format", "secret", "store"], `${option}.`);
  const own =
    given.secret === undefined ? secrets : checkedSecrets(given.secret, `${option}.secret`);
  return checkedStore(`${option}.store`, given.store, own, timeout);
}

function assertStore(option: string, store: unknown): SessionStore {
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
