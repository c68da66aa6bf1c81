import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { bundle } from "../src/bundle.js";

const KB = 1024;

const dist = fileURLToPath(new URL("../../session/dist/", import.meta.url));

/** As `export … from` a module that an app does not see. */
const signedPath = `export { signedCodec } from ${JSON.stringify(`${dist}formats/signed.js`)};`;
const app =
  'import { defineSession } from "next-signed-session"; export const { getSession } = defineSession();';

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
    const ours = loadedAtOnce.map((file) => file.replace(/^.*\/dist\//, ""));
    expect(ours).toContain("formats/signed.js");
    expect(
      ours.filter((file) =>
        /^(formats\/(sealed|flask|iron-session)|store\/|homes\/stor)/.test(file),
      ),
    ).toEqual([]);
    expect(loadedAtOnce.join()).not.toContain("iron-webcrypto");
  });
});
