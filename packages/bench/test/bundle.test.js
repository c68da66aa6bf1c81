import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { bundle } from "../src/bundle.js";
import { sourcePath } from "../src/source.js";

const KB = 1024;

const signedPath = `export { signedCodec } from ${JSON.stringify(sourcePath("formats/signed.ts"))};`;
const app =
  'import { defineSession } from "next-signed-session"; export const { getSession } = defineSession();';

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
});

// The edge build has a SHA-256 of its own.
describe.each([
  ["node", 17 * KB],
  ["edge-light", 18.5 * KB],
])("minified and gzipped, under the condition %s", (condition, most) => {
  it("signing, verifying, encoding and decoding take at most 6 KB", async () => {
    const { gzipped } = await bundle(signedPath, condition);
    expect(gzipped).toBeGreaterThan(2 * KB);
    expect(gzipped).toBeLessThanOrEqual(6 * KB);
  });

  it(`getSession() of a page, an action or a route handler takes at most ${most / KB} KB`, async () => {
    const { gzipped } = await bundle(app, condition);
    expect(gzipped).toBeLessThanOrEqual(most);
  });

  it("the code of other formats and of stores is loaded when it is used, and not before", async () => {
    const { loadedAtOnce } = await bundle(app, condition);
    const sources = loadedAtOnce.filter((file) => file.includes("/dist/")).flatMap(sourcesOf);
    expect(sources).toContain("formats/signed.ts");
    expect(
      sources.filter((file) =>
        /^(formats\/(sealed|flask|starlette|iron-session)|store\/|homes\/stor)/.test(file),
      ),
    ).toEqual([]);
    expect(loadedAtOnce.join()).not.toContain("iron-webcrypto");
  });
});

/** What a module in `dist` was built from, by its source map. */
function sourcesOf(file) {
  const map = new URL(`../../../${file}.map`, import.meta.url);
  const { sources } = JSON.parse(readFileSync(map, "utf8"));
  return sources.map((source) => source.replace(/^.*\/src\//, ""));
}
