import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { type AddressInfo, Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { SessionReadOnlyError } from "../../src/errors/errors.ts";
import { nodeJar, nodeSink } from "../../src/jars/node.ts";
import { deletion, deletionHeader, sessionCookie, sessionHeader } from "../support/cookies.ts";
import { thrownBy } from "../support/thrown.ts";

interface Answer {
  /** In their order, each name as often as it was sent. */
  readonly headers: readonly (readonly [string, string])[];
}

/** One request to a real server, and what came back over the wire. */
async function served(
  handle: (request: IncomingMessage, response: ServerResponse) => unknown,
  headers: Record<string, string | string[]> = {},
): Promise<Answer> {
  let failure: unknown;
  const server = createServer(async (incoming, response) => {
    try {
      await handle(incoming, response);
    } catch (error) {
      failure = error;
    }
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await new Promise((resolve, reject) => {
      const { port } = server.address() as AddressInfo;
      request({ port, host: "127.0.0.1", headers, agent: false }, (response) => {
        const raw = response.rawHeaders;
        const pairs = raw.flatMap((name, at) =>
          at % 2 === 0 ? [[name.toLowerCase(), raw[at + 1] as string] as const] : [],
        );
        response
          .resume()
          .on("end", () => (failure ? reject(failure) : resolve({ headers: pairs })));
      })
        .on("error", reject)
        .end();
    });
  } finally {
    server.close();
  }
}

const valuesOf = ({ headers }: Answer, name: string) =>
  headers.filter(([header]) => header === name).map(([, value]) => value);

describe("the jar of Node's request", () => {
  it("has its Cookie header, put together where it came in several, or an empty one", async () => {
    const seen: string[] = [];
    const look = (incoming: IncomingMessage) => seen.push(nodeJar(incoming).cookieHeader);
    await served(look, { cookie: "session=a; b=2" });
    await served(look, { cookie: ["session=a", "b=2"] });
    await served(look);
    expect(seen).toEqual(["session=a; b=2", "session=a; b=2", ""]);
  });

  it("knows what the browser addressed, from what a proxy in front forwards, else from Host", async () => {
    const seen: unknown[] = [];
    const look = (incoming: IncomingMessage) => seen.push(nodeJar(incoming).origin);
    await served(look, { host: "shop.example:8080" });
    await served(look, { "x-forwarded-host": "shop.example", "x-forwarded-proto": "https" });
    expect(seen).toEqual([
      { protocol: "http", host: "shop.example:8080" },
      { protocol: "https", host: "shop.example" },
    ]);
  });

  it("takes the first of several proxies' hosts and protocols, the one at the browser", () => {
    const headers = {
      "x-forwarded-host": "shop.example, inner",
      "x-forwarded-proto": "HTTPS,http",
    };
    expect(nodeJar({ headers } as unknown as IncomingMessage).origin).toEqual({
      protocol: "https",
      host: "shop.example",
    });
  });

  it.each([
    "shop.example\u001b[2J",
    "shop.example [next-signed-session] all is well",
    "shop.example\u202e",
    `${"a".repeat(300)}.example`,
    "user:password@shop.example",
    "shop.example/path",
  ])("knows no host from %j, which only a visitor's own program can send", (host) => {
    const headers = { "x-forwarded-host": host };
    expect(nodeJar({ headers } as unknown as IncomingMessage).origin).toBeUndefined();
  });

  it("takes a connection that is encrypted for https", () => {
    const socket = Object.assign(new Socket(), { encrypted: true });
    const incoming = { headers: { host: "a.b" }, socket } as unknown as IncomingMessage;
    expect(nodeJar(incoming).origin).toEqual({ protocol: "https", host: "a.b" });
  });

  it("does not know it without a Host, nor need a socket", () => {
    expect(nodeJar({ headers: {} } as IncomingMessage).origin).toBeUndefined();
  });
});

describe("a cookie on Node's response", () => {
  it("is sent, and no shared cache may keep the response", async () => {
    const answer = await served((incoming, response) =>
      nodeSink(incoming, response).set([sessionCookie]),
    );
    expect(valuesOf(answer, "set-cookie")).toEqual([sessionHeader]);
    expect(valuesOf(answer, "cache-control")).toEqual(["private, no-store"]);
    expect(valuesOf(answer, "vary")).toEqual(["Cookie"]);
  });

  it("replaces the one set before and leaves all others, however they were set", async () => {
    const one = await served((incoming, response) => {
      response.setHeader("Set-Cookie", "a=1; Path=/x");
      nodeSink(incoming, response).set([{ ...sessionCookie, value: "old" }]);
      nodeSink(incoming, response).set([sessionCookie]);
    });
    expect(valuesOf(one, "set-cookie")).toEqual(["a=1; Path=/x", sessionHeader]);
    const many = await served((incoming, response) => {
      response.setHeader("Set-Cookie", [
        "a=1; Path=/x",
        "session=old",
        "a=2; Path=/y",
        "session2=x",
      ]);
      nodeSink(incoming, response).set([deletion]);
      response.appendHeader("Set-Cookie", "late=1");
    });
    expect(valuesOf(many, "set-cookie")).toEqual([
      "a=1; Path=/x",
      "a=2; Path=/y",
      "session2=x",
      deletionHeader,
      "late=1",
    ]);
  });

  it("is what the rest of the request brings: Next, to which a server hands it on, reads it", async () => {
    const seen: (string | undefined)[] = [];
    await served(
      (incoming, response) => {
        nodeSink(incoming, response).set([sessionCookie]);
        seen.push(incoming.headers.cookie);
        nodeSink(incoming, response).set([deletion]);
        seen.push(incoming.headers.cookie);
      },
      { cookie: "session=old; a=1" },
    );
    await served(
      (incoming, response) => {
        nodeSink(incoming, response).set([deletion]);
        seen.push(incoming.headers.cookie);
      },
      { cookie: "session=old" },
    );
    expect(seen).toEqual(["a=1; session=abc", "a=1", undefined]);
  });

  it("keeps the Vary and a Cache-Control that is private already", async () => {
    const answer = await served((incoming, response) => {
      response.setHeader("Vary", ["Accept", "Origin"]);
      response.setHeader("Cache-Control", "private, max-age=60");
      nodeSink(incoming, response).set([sessionCookie]);
    });
    expect(valuesOf(answer, "vary").join().replaceAll(/,\s*/g, ", ")).toBe(
      "Accept, Origin, Cookie",
    );
    expect(valuesOf(answer, "cache-control")).toEqual(["private, max-age=60"]);
  });

  it("stays out of shared caches if the app changes Cache-Control after it", async () => {
    const changes: ((response: ServerResponse) => unknown)[] = [
      (response) => response.setHeader("cache-control", "public, max-age=60"),
      (response) => response.writeHead(200, { "Cache-Control": "public, max-age=60" }),
      (response) => response.writeHead(200, "OK", { "cache-control": "public, max-age=60" }),
      (response) => response.writeHead(200, ["Cache-Control", "public", "X-Own", "1"]),
      (response) => response.removeHeader("cache-control"),
    ];
    for (const change of changes) {
      const answer = await served((incoming, response) => {
        nodeSink(incoming, response).set([sessionCookie]);
        nodeSink(incoming, response).set([sessionCookie]);
        change(response);
      });
      expect(valuesOf(answer, "cache-control"), String(change)).toEqual(["private, no-store"]);
      expect(valuesOf(answer, "set-cookie")).toEqual([sessionHeader]);
    }
  });

  it("leaves the status, its text and the other headers as the app writes them", async () => {
    const answer = await served((incoming, response) => {
      nodeSink(incoming, response).set([sessionCookie]);
      const same = response.writeHead(201, "Made", { "X-Own": "1" });
      expect(same).toBe(response);
      expect([response.statusCode, response.statusMessage]).toEqual([201, "Made"]);
    });
    expect(valuesOf(answer, "x-own")).toEqual(["1"]);
    expect(valuesOf(answer, "set-cookie")).toEqual([sessionHeader]);
  });

  it("that is none leaves the response alone, and asks whether one could be set", async () => {
    const answer = await served((incoming, response) =>
      nodeSink(incoming, response).assertWritable(),
    );
    expect(valuesOf(answer, "set-cookie")).toEqual([]);
    expect(valuesOf(answer, "cache-control")).toEqual([]);
    await thrownBy(
      () =>
        served((incoming, response) => {
          response.flushHeaders();
          nodeSink(incoming, response).assertWritable();
        }),
      SessionReadOnlyError,
    );
  });

  it("cannot be set when the headers have gone out", async () => {
    const error = await thrownBy(
      () =>
        served((incoming, response) => {
          response.write("the first of the body");
          nodeSink(incoming, response).set([sessionCookie]);
        }),
      SessionReadOnlyError,
    );
    expect(error.code).toBe("ERR_SESSION_READ_ONLY");
    expect(error.message).toBe(
      "The session was changed after the response's headers had been sent, so its cookie cannot go with them. Change the session, and save it, before the first write() or end().",
    );
  });
});
