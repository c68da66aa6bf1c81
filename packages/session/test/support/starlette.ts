import { afterAll, describe } from "vitest";
import { pythonWithStarlette } from "../../../../scripts/flask.mjs";
import { PythonPeer } from "./python-peer.ts";

export interface StarletteRequest {
  readonly cookie: string;
  readonly secret: string;
  /** Unix time in seconds. */
  readonly time: number;
  /** The JSON of the session that the application sets, if it does. */
  readonly set: string | null;
}

export interface StarletteAnswer {
  /** The session that the application found, as `json.dumps` writes it. */
  readonly found: string;
  readonly setCookie: readonly string[];
}

type AskStarlette = (requests: readonly StarletteRequest[]) => Promise<StarletteAnswer[]>;

/** As `describeWithFlask`, for Starlette. */
export function describeWithStarlette(name: string, suite: (ask: AskStarlette) => void): void {
  const python = pythonWithStarlette();
  if (!python && !process.env.CI) {
    console.warn(
      `SKIPPED, since no python3 here has Starlette (apt-get install python3-starlette): ${name}`,
    );
    describe.skip(name, () => suite(async () => []));
    return;
  }
  describe(name, { timeout: 120_000 }, () => {
    if (!python) throw new Error("No python3 has Starlette: apt-get install python3-starlette");
    const peer = new PythonPeer(python, "starlette_peer.py");
    afterAll(() => peer.stop());
    suite((requests) => Promise.all(requests.map((request) => peer.ask<StarletteAnswer>(request))));
  });
}
