import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { bundle } from "../src/bundle.js";
import { appWith, loadedByFirstSession } from "../src/first-session.js";
import { sourcePath } from "../src/source.js";

const KB = 1024;

const signedPath = `export { signedCodec } from ${JSON.stringify(sourcePath("formats/signed.ts"))};`;
const context =
  'import { createSessionContext } from "next-signed-session/react"; export const { useSession } = createSessionContext();';

describe("in the browser, minified and gzipped", () => {
  it("the provider and the hooks take less than 1.5 KB beside React and Next's router", async () => {
    const { gzipped, gzippedLater, loadedAtOnce } = await bundle(context, "browser");
    expect(gzipped).toBeGreaterThan(KB);
    expect(gzipped).toBeLessThan(1.5 * KB);
    expect(gzippedLater).toBe(0);
    const ours = loadedAtOnce.filter((file) => file.includes("/dist/"));
    // The module with the errors has a few functions for the server as well, which no bundle keeps.
    const expected =
      /^(react|browser\/\w.*|errors\/errors|runtime\/awaitable|crypto\/base64url)\.ts$/;
    const others = ours.flatMap(sourcesOf).filter((file) => !expected.test(file));
    expect(others).toEqual([]);
  });

  it("a definition that a client component imports by mistake takes less than 1 KB, with its errors", async () => {
    const { gzipped, loadedAtOnce } = await bundle(appWith(), "browser");
    expect(gzipped).toBeGreaterThan(0);
    expect(gzipped).toBeLessThan(KB);
    const sources = loadedAtOnce.filter((file) => file.includes("/dist/")).flatMap(sourcesOf);
    expect(sources).toContain("browser/definition.ts");
    expect(sources.filter((file) => /^(core|formats|homes|jars|options)\//.test(file))).toEqual([]);
  });

  it.each(["edge-light", "workerd", "worker", "deno", "bun", "node"])(
    "%s, which may look like a browser too, gets the whole definition",
    async (condition) => {
      const { loadedAtOnce } = await bundle(appWith(), condition, "browser");
      expect(loadedAtOnce.filter((file) => file.includes("/dist/")).flatMap(sourcesOf)).toContain(
        "core/define-session.ts",
      );
    },
  );
});

// The edge build has a SHA-256 of its own.
describe.each([
  ["node", 12.5 * KB],
  ["edge-light", 13.1 * KB],
])("minified and gzipped, under the condition %s", (condition, most) => {
  it("signing, verifying, encoding and decoding take at most 6 KB", async () => {
    const { gzipped } = await bundle(signedPath, condition);
    expect(gzipped).toBeGreaterThan(2 * KB);
    expect(gzipped).toBeLessThanOrEqual(6 * KB);
  });

  it(`getSession() of a page, an action or a route handler takes at most ${most / KB} KB`, async () => {
    const { gzipped } = await bundle(appWith(), condition);
    expect(gzipped).toBeLessThanOrEqual(most);
  });

  it("the code of options, of other formats and of stores is loaded when it is used, and not before", async () => {
    const { loadedAtOnce } = await bundle(appWith(), condition);
    const sources = loadedAtOnce.filter((file) => file.includes("/dist/")).flatMap(sourcesOf);
    expect(sources).toContain("formats/signed.ts");
    expect(
      sources.filter((file) =>
        /^(options\/(check|cookie|duration|format|lifetime|secret-)|formats\/(sealed|flask|starlette|iron-session)|store\/|homes\/stor)/.test(
          file,
        ),
      ),
    ).toEqual([]);
    expect(loadedAtOnce.join()).not.toContain("iron-webcrypto");
  });
});

describe("what is loaded until the first session was saved and read again", () => {
  it("is what was loaded at once, for an app without options", async () => {
    expect(await loadedByFirstSession()).toBe(0);
  });

  it("is the code that checks options as well, for an app that gives some: at most 4 KB", async () => {
    const gzipped = await loadedByFirstSession("{ idleTimeout: { hours: 1 } }");
    expect(gzipped).toBeGreaterThan(KB);
    expect(gzipped).toBeLessThanOrEqual(4 * KB);
  });
});

/** What a module in `dist` was built from, by its source map. */
function sourcesOf(file) {
  const map = new URL(`../../../${file}.map`, import.meta.url);
  const { sources } = JSON.parse(readFileSync(map, "utf8"));
  return sources.map((source) => source.replace(/^.*\/src\//, ""));
}
