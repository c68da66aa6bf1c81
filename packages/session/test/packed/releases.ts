import manifest from "../../package.json" with { type: "json" };

/** What an app has to write differently from one release of Next to another. */
export interface Release {
  /** As npm takes it. */
  readonly version: string;
  /** What the proxy's file and function are called. */
  readonly proxy: "proxy" | "middleware";
  /** The next.config that create-next-app writes. */
  readonly config: object;
}

export function release(version: string): Release {
  const [major = 0, minor = 0] = (version.match(/\d+/g) ?? []).map(Number);
  if (major < 16) return { version, proxy: "middleware", config: {} };
  const partialPrefetching = major > 16 || minor >= 3;
  const config = { cacheComponents: true, ...(partialPrefetching && { partialPrefetching }) };
  return { version, proxy: "proxy", config };
}

export const newest = manifest.devDependencies.next;

/** The newest release, unless NEXT_RELEASES names others: `npm run test:next` goes through them. */
export const releases = (process.env.NEXT_RELEASES?.split(" ") ?? [newest]).map(release);
