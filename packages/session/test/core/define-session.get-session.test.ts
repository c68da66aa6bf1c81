import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { NextRequest, NextResponse } from "next/server.js";
import { describe, expect, it, vi } from "vitest";
import { SessionContextError, SessionReadOnlyError } from "../../src/errors/errors.ts";
import golden from "../golden/signed/golden.json" with { type: "json" };
import { define } from "../support/definition.ts";
import { thrownBy } from "../support/thrown.ts";

const { token } = golden.payloads["the visit counter"];
const header = `session=${token}; Path=/; HttpOnly; SameSite=Lax`;
const url = "http://localhost:3000/";

const requestWith = (cookie: string) => new Request(url, { headers: { cookie } });

describe("getSession with a web request", () => {
  it("reads the cookie, and sends the change when the scope ends", async () => {
    const { getSession, encode } = define();
    const headers = new Headers();
    {
      const request = requestWith(`session=${await encode({ visits: 2 })}`);
      await using session = await getSession(request, headers);
      expect(session.isNew).toBe(false);
      session.visits = (session.visits ?? 0) + 1;
      expect(headers.has("set-cookie")).toBe(false);
    }
    expect(headers.getSetCookie()).toEqual([header]);
  });

  it("sends nothing when it was only read, and lets caches know that the response depends on it", async () => {
    const headers = new Headers();
    {
      await using session = await define().getSession(requestWith(`session=${token}`), headers);
      expect(session.visits).toBe(3);
    }
    expect([...headers]).toEqual([["vary", "Cookie"]]);
  });

  it("gives one object to all calls of one request, parallel or not", async () => {
    const { getSession } = define();
    const request = requestWith(`session=${token}`);
    const [first, second] = await Promise.all([
      getSession(request, new Headers()),
      getSession(request, new Headers()),
    ]);
    expect(second).toBe(first);
    expect(await getSession(request, new Headers())).toBe(first);
  });

  it("never gives the object of another request, though all bring the same cookie", async () => {
    const { getSession } = define();
    const sessions = await Promise.all(
      Array.from({ length: 50 }, async (_, visitor) => {
        const session = await getSession(requestWith(`session=${token}`), new Headers());
        session.visits = visitor;
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
        return session;
      }),
    );
    expect(sessions.map(({ visits }) => visits)).toEqual([...sessions.keys()]);
  });

  it("sends a change to a response that comes late, such as a redirect", async () => {
    const { getSession } = define();
    const request = new Request(url);
    const session = await getSession(request, new Headers());
    session.visits = 3;
    await session.save();
    const redirect = new Response(null, { status: 303, headers: { location: "/" } });
    expect(await getSession(request, redirect)).toBe(session);
    expect(redirect.headers.getSetCookie()).toEqual([header]);
  });

  it("throws at the end of the scope when the response's headers are immutable", async () => {
    const { getSession } = define();
    await thrownBy(async () => {
      await using session = await getSession(new Request(url), Response.redirect(url));
      session.visits = 1;
    }, SessionReadOnlyError);
  });

  it("reads from such a response without complaint", async () => {
    await using session = await define().getSession(
      requestWith(`session=${token}`),
      Response.redirect(url),
    );
    expect(session.visits).toBe(3);
  });

  it("takes a frozen request", async () => {
    const { getSession } = define();
    const request = Object.freeze(requestWith(`session=${token}`));
    const session = await getSession(request, new Headers());
    expect(session.visits).toBe(3);
    expect(await getSession(request, new Headers())).toBe(session);
  });

  it("gives a Date back as a Date", async () => {
    const { getSession, encode } = define();
    const when = new Date(1_700_000_000_123);
    const request = requestWith(`session=${await encode({ when })}`);
    expect((await getSession(request, new Headers())).when).toEqual(when);
  });
});

describe("getSession in a proxy", () => {
  it("sends the change to the browser and to the rest of the request, after the return", async () => {
    const { getSession } = define();
    const proxy = async (request: NextRequest) => {
      const response = NextResponse.next();
      await using session = await getSession(request, response);
      session.visits = 3;
      return response;
    };
    const { headers } = await proxy(new NextRequest(url, { headers: { cookie: "a=1" } }));
    expect(headers.getSetCookie()).toEqual([header]);
    expect(headers.get("x-middleware-request-cookie")).toBe(`a=1; session=${token}`);
  });

  it("sends it with a redirect that is thrown together after next()", async () => {
    const { getSession } = define();
    const proxy = async (request: NextRequest) => {
      await using session = await getSession(request, NextResponse.next());
      session.visits = 3;
      const redirect = NextResponse.redirect(new URL("/login", request.url));
      await getSession(request, redirect);
      return redirect;
    };
    const { headers } = await proxy(new NextRequest(url));
    expect(headers.getSetCookie()).toEqual([header]);
  });
});

describe("getSession with Node's request and response", () => {
  it("reads and sends over the wire", async () => {
    const { getSession } = define();
    const server = createServer(async (request, response) => {
      {
        await using session = await getSession(request, response);
        session.visits = (session.visits ?? 0) + 1;
      }
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const { port } = server.address() as AddressInfo;
      let cookie = "";
      for (let visit = 1; visit <= 3; visit++) {
        const answer = await fetch(`http://127.0.0.1:${port}/`, { headers: { cookie } });
        cookie = answer.headers.getSetCookie()[0]?.split(";")[0] as string;
      }
      expect(cookie).toBe(`session=${token}`);
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });
});

describe("getSession with what it cannot use", () => {
  it("refuses a response that is undefined", async () => {
    const { getSession } = define();
    const error = await thrownBy(
      () => getSession(new Request(url), undefined as unknown as Response),
      SessionContextError,
    );
    expect(error.code).toBe("ERR_SESSION_ARGUMENTS");
  });

  it("says, outside of any request, where to call it and what to use instead", async () => {
    const error = await thrownBy(() => define().getSession(), SessionContextError);
    expect(error.code).toBe("ERR_SESSION_OUTSIDE_REQUEST");
    expect(error.message).toContain("getSession() was called outside a request");
    expect(error.message).toContain("getSession(request, response)");
    expect(error.message).toContain("use encode() and decode()");
    expect(error.cause).toBeInstanceOf(Error);
  });

  it("says so before it looks for a secret, which a build may not have", async () => {
    vi.stubEnv("SESSION_SECRET", "");
    await thrownBy(() => define({ secret: undefined }).getSession(), SessionContextError);
  });
});
