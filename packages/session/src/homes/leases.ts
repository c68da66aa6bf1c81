/*
 * A record's leases say which request renews which of the session's values: `key=owner.until`, joined
 * as in a query string. A lease is over when it is given up or when its time is over, so a process that
 * was killed blocks nobody for longer.
 */

/** Milliseconds. */
export const LEASE_TIME = 10_000;

export interface Lease {
  readonly key: string;
  /** Random, so that a request can recognize its own. */
  readonly owner: string;
  /** Milliseconds since 1970, by the machine's clock and not the option `clock`. */
  readonly until: number;
}

/** The lease on this key, unless its time is over. */
export function leaseOn(leases: string | undefined, key: string): Lease | undefined {
  const lease = leasesIn(leases).find((each) => each.key === key);
  return lease && lease.until > Date.now() ? lease : undefined;
}

export function withLease(leases: string | undefined, lease: Lease): string {
  const others = leasesIn(leases).filter(({ key }) => key !== lease.key);
  return textOf([...others, lease]) as string;
}

export function withoutLease(leases: string | undefined, lease: Lease): string | undefined {
  return textOf(leasesIn(leases).filter(({ owner }) => owner !== lease.owner));
}

function leasesIn(leases = ""): Lease[] {
  return [...new URLSearchParams(leases)].map(([key, value]) => {
    const [owner = "", until] = value.split(".");
    return { key, owner, until: Number(until) };
  });
}

function textOf(leases: readonly Lease[]): string | undefined {
  const pairs = leases.map(({ key, owner, until }) => [key, `${owner}.${until}`]);
  return new URLSearchParams(pairs).toString() || undefined;
}
