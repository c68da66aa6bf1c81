import { createServer, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SessionOptionError } from "../../src/errors/errors.ts";
import type { SessionOptions } from "../../src/options/options.ts";
import { namesAreNotConfused } from "../support/advisory-checks.ts";
import { NOW, SECRET } from "../support/fixed.ts";
import { ada, answer, becomesAda, type Data, definition, loadLibrary } from "../support/library.ts";
import { thrownBy } from "../support/thrown.ts";
import { anyData } from "../support/values.ts";

const library = await loadLibrary();

describe("a cookie's name and attributes are those that were set", () => {
  it("CVE-2023-23934, CVE-2026-39410, CVE-2020-8184: a sibling host's cookie posed as a __Host- one, nameless, behind a no-break space or percent-encoded", () =>
    namesAreNotConfused(library));

  const injections = [
    "x; Domain=evil.example",
    "x\r\nSet-Cookie: a=1",
    "x\nb",
    "x,y=1; Path=/",
    "/;",
  ];

  it.each(
    injections.flatMap((text) => [
      ["CVE-2024-47764: jshttp/cookie let a name", text, { name: text }],
      ["CVE-2024-47764: jshttp/cookie let a path", text, { cookie: { path: `/${text}` } }],
      ["CVE-2024-47764: jshttp/cookie let a domain", text, { cookie: { domain: text } }],
      ["CVE-2026-47675: Hono let SameSite", text, { cookie: { sameSite: text } }],
      ["CVE-2026-47675: Hono let Priority", text, { cookie: { priority: text } }],
    ]) as [string, string, SessionOptions][],
  )("%s bring further attributes: %j", async (_, __, options) => {
    await thrownBy(() => definition(library, options).encode(ada), SessionOptionError);
  });

  it("CVE-2024-47764: and no data does so either, in any format", async () => {
    for (const format of ["signed", "sealed", "flask"] as const) {
      const { serialize, encode } = await codecOf(format);
      const property = fc.asyncProperty(anyData, async (data) => {
        let text: string;
        try {
          text = serialize({ data, permanent: true });
        } catch {
          return; // what the format cannot keep is not written at all
        }
        expect(await encode(text, NOW)).toMatch(/^[\w.*-]+$/);
        expect(await encode(text, NOW, { deflate: true })).toMatch(/^[\w.*-]+$/);
      });
      await fc.assert(property, { numRuns: 200 });
    }
  });

  it("CVE-2026-54287: Hono joined several Set-Cookie headers by commas, which are in every Expires", async () => {
    const sessions = definition(library, { chunk: true });
    const text = Array.from({ length: 900 }, (_, n) => (n * 7919).toString(36)).join();
    const change = (session: Data) => Object.assign(session, { text, permanent: true });
    const ours = ["session.0", "session.1"];

    const headers = new Headers({
      "set-cookie": "theirs=1; Expires=Thu, 01 Jan 2030 00:00:00 GMT",
    });
    await answer(sessions, "", change, headers);
    expect(headers.getSetCookie().map((header) => header.split("=")[0])).toEqual([
      "theirs",
      ...ours,
    ]);

    const server = createServer(async (request, response) => {
      const session = await sessions.getSession(request, response);
      change(session);
      await session.save();
      response.end();
    });
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    const raw = await new Promise<string[]>((resolve, reject) => {
      const { port } = server.address() as AddressInfo;
      httpRequest({ host: "127.0.0.1", port }, (response) => resolve(response.rawHeaders))
        .on("error", reject)
        .end();
    });
    server.closeAllConnections();
    server.close();
    const values = raw.filter((_, index) => raw[index - 1]?.toLowerCase() === "set-cookie");
    expect(values.map((header) => header.split("=")[0])).toEqual(ours);
    for (const header of values) expect(header.match(/Expires=/g)).toHaveLength(1);
  });

  it("GHSA-q5pr-72pq-83v3: h3 believed a cookie that said it had 999,999 chunks, and deleted each", async () => {
    for (const count of [
      "999999~",
      "9999999999999999999~",
      "-1~",
      "1e9~",
      "4~",
      "__chunked__999999",
    ]) {
      const sessions = definition(library, { chunk: true });
      const started = performance.now();
      const headers = await answer(sessions, `session=${count}; session.0=${count}x`, becomesAda);
      expect(performance.now() - started).toBeLessThan(1000);
      expect(headers.getSetCookie().length, "one is written, one chunk is deleted").toBe(2);
    }
  });
});

async function codecOf(format: "signed" | "sealed" | "flask") {
  const { flaskCodec } = await import("../../src/formats/flask/flask.ts");
  return format === "flask"
    ? flaskCodec([SECRET])
    : library[format === "signed" ? "signedCodec" : "sealedCodec"]("session", [SECRET]);
}
