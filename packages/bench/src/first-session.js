import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { bundle } from "./bundle.js";
import { secret } from "./contenders.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** What an app writes to define its session. */
export const appWith = (options = "") =>
  `import { defineSession } from "next-signed-session"; export const { getSession } = defineSession(${options});`;

/**
 * The parts of an app's bundle that it loads after its start, until its first session was read, changed, saved
 * and read again: minified and gzipped bytes. The app is run for that.
 */
export async function loadedByFirstSession(options) {
  const { files, entry } = await bundle(appWith(options), "node");
  const folder = mkdtempSync(join(tmpdir(), "next-signed-session-bench-"));
  try {
    for (const { name, contents } of files) writeFileSync(join(folder, name), contents);
    const loaded = run(pathToFileURL(join(folder, entry)).href);
    return files
      .filter(({ name, isAtOnce }) => !isAtOnce && loaded.includes(name))
      .reduce((bytes, { gzipped }) => bytes + gzipped, 0);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The files that the app loads, by name. */
function run(app) {
  const script = `
    import { Session } from "node:inspector";
    import { Visitor } from "next-signed-session/testing";
    const loaded = [];
    const inspector = new Session();
    inspector.connect();
    inspector.on("Debugger.scriptParsed", ({ params }) => loaded.push(params.url));
    inspector.post("Debugger.enable");
    const { getSession } = await import(${JSON.stringify(app)});
    const visitor = new Visitor();
    const visit = async () => {
      const session = await getSession();
      session.visits = (session.visits ?? 0) + 1;
      await session.save();
      return session.visits;
    };
    await visitor.request(visit);
    const visits = await visitor.request(visit);
    console.log(JSON.stringify({ visits, loaded }));`;
  const output = execFileSync(process.execPath, ["--input-type=module", "--eval", script], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, SESSION_SECRET: secret },
  });
  const { visits, loaded } = JSON.parse(output);
  if (visits !== 2) throw new Error(`the app counted ${visits} visits instead of 2`);
  return loaded.map((url) => basename(url));
}
