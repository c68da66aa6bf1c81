import { sha256 } from "#primitives";
import type { Settings } from "../options/settings.ts";

/**
 * Equal options give equal fingerprints in all instances of this package. It is a digest, because the
 * whole process can read it and the options hold secrets.
 */
export async function fingerprintOf(settings: Settings): Promise<string> {
  const { schema, migrate, userOf, revocation } = settings;
  // Excludes schema and store internals: they may be huge, circular or contain BigInts.
  const described = { ...plainOptions(settings), schema: schema?.["~standard"].vendor };
  const functions = [migrate, userOf, revocation?.before].map((given) => given?.toString());
  return sha256(JSON.stringify([described, ...functions]));
}

/** Within one instance, schemas, functions and stores are compared by reference. */
export function areSame(one: Settings, other: Settings): boolean {
  return (
    one.schema === other.schema &&
    one.migrate === other.migrate &&
    one.userOf === other.userOf &&
    one.revocation?.before === other.revocation?.before &&
    backendsOf(one).every((backend, index) => backend === backendsOf(other)[index]) &&
    JSON.stringify(plainOptions(one)) === JSON.stringify(plainOptions(other))
  );
}

function backendsOf({ store, accept }: Settings): unknown[] {
  return [store, ...accept].map((home) => home && "backend" in home && home.backend);
}

/** The options that fit into JSON. */
function plainOptions({ schema, migrate, onReject, now, store, accept, ...options }: Settings) {
  const withoutBackend = (home: object | undefined) => ({ ...home, backend: undefined });
  return { ...options, store: store && withoutBackend(store), accept: accept.map(withoutBackend) };
}
