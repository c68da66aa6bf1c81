import type { StoreSettings } from "../homes/load-home.ts";
import { refuseUnknown } from "./checks.ts";
import type { StoredOptions } from "./options.ts";
import { checkedSecrets } from "./secret-checks.ts";

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
  const backend = given.store;
  return { format: "stored", option: `${option}.store`, backend, secrets: own, timeout };
}
