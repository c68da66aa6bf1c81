import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe } from "vitest";
import { pythonWithStarlette } from "../../../../scripts/flask.mjs";

const PEER = fileURLToPath(new URL("./starlette_peer.py", import.meta.url));

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

type AskStarlette = (requests: readonly StarletteRequest[]) => StarletteAnswer[];

/** As `describeWithFlask`, for Starlette. */
export function describeWithStarlette(name: string, suite: (ask: AskStarlette) => void): void {
  const python = pythonWithStarlette();
  if (!python && !process.env.CI) {
    console.warn(
      `SKIPPED, since no python3 here has Starlette (apt-get install python3-starlette): ${name}`,
    );
    describe.skip(name, () => suite(() => []));
    return;
  }
  describe(name, { timeout: 120_000 }, () => {
    if (!python) throw new Error("No python3 has Starlette: apt-get install python3-starlette");
    suite((requests) => {
      const input = requests.map((request) => JSON.stringify(request)).join("\n");
      const options = { input, encoding: "utf8", maxBuffer: 2 ** 28 } as const;
      const { status, stdout, stderr } = spawnSync(python, [PEER], options);
      if (status !== 0) throw new Error(`starlette_peer.py: ${stderr}`);
      return stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line));
    });
  });
}
