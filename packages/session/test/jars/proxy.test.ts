import { NextRequest, NextResponse } from "next/server.js";
import { describe, expect, it } from "vitest";
import type { SetCookie } from "../../src/cookie/cookie.ts";
import { proxySink } from "../../src/jars/proxy.ts";
import {
  cookieOfEveryAttribute,
  deletion,
  deletionHeader,
  headerOfEveryAttribute,
  sessionCookie,
  sessionHeader,
} from "../support/cookies.ts";

const request = (headers: Record<string, string> = {}) =>
  new NextRequest("http://localhost:3000/cart", { headers });

const set = (on: NextRequest, response: NextResponse, ...cookies: SetCookie[]) =>
  proxySink(on, response).set(cookies.length > 0 ? cookies : [sessionCookie]);

/** The headers with which Next goes on, as it reads them from a proxy's response. */
function forwarded({ headers }: NextResponse): Record<string, string | null> | undefined {
  const names = headers.get("x-middleware-override-headers");
  if (names === null) return undefined;
  return Object.fromEntries(
    names.split(",").map((name) => [name, headers.get(`x-middleware-request-${name}`)]),
  );
}

const leftovers = ({ headers }: NextResponse) => {
  const named = headers.get("x-middleware-override-headers")?.split(",") ?? [];
  return [...headers.keys()].filter(
    (name) =>
      name.startsWith("x-middleware-request-") &&
      !named.includes(name.slice("x-middleware-request-".length)),
  );
};

describe("a cookie on NextResponse.next()", () => {
  it("goes to the browser, to the rest of the request, and into no shared cache", () => {
    const response = NextResponse.next();
    set(request({ accept: "text/html", cookie: "a=1; session=old; b=2" }), response);
    expect([...response.headers]).toEqual([
      ["cache-control", "private, no-store"],
      ["set-cookie", sessionHeader],
      ["vary", "Cookie"],
      ["x-middleware-next", "1"],
      ["x-middleware-override-headers", "accept,cookie"],
      ["x-middleware-request-accept", "text/html"],
      ["x-middleware-request-cookie", "a=1; b=2; session=abc"],
      ["x-middleware-set-cookie", sessionHeader],
    ]);
  });

  it("is there for a request that came with no cookie at all", () => {
    const response = NextResponse.next();
    set(request({ accept: "*/*" }), response);
    expect(forwarded(response)).toEqual({ accept: "*/*", cookie: "session=abc" });
  });

  it("is gone from the rest of the request when deleted, and the others are not", () => {
    const response = NextResponse.next();
    set(request({ cookie: "a=1; session=old" }), response, deletion);
    expect(response.headers.getSetCookie()).toEqual([deletionHeader]);
    expect(forwarded(response)).toEqual({ cookie: "a=1" });
  });

  it("leaves no Cookie header when it was the only one and is deleted", () => {
    const response = NextResponse.next();
    set(request({ accept: "*/*", cookie: "session=old" }), response, deletion);
    expect(forwarded(response)).toEqual({ accept: "*/*" });
    expect(leftovers(response)).toEqual([]);
  });

  it("can be set, deleted and set again: the last is what all see", () => {
    const response = NextResponse.next();
    const incoming = request({ cookie: "session=old; a=1" });
    set(incoming, response);
    set(incoming, response, deletion);
    expect(forwarded(response)).toEqual({ cookie: "a=1" });
    set(incoming, response, { ...sessionCookie, value: "again" });
    expect(forwarded(response)).toEqual({ cookie: "a=1; session=again" });
    expect(response.headers.getSetCookie()).toEqual([
      "session=again; Path=/; HttpOnly; SameSite=Lax",
    ]);
    expect(leftovers(response)).toEqual([]);
  });

  it("leaves no Cookie header when it was set here first and then deleted", () => {
    const response = NextResponse.next();
    const incoming = request({ accept: "*/*" });
    set(incoming, response);
    set(incoming, response, deletion);
    expect(forwarded(response)).toEqual({ accept: "*/*" });
    expect(leftovers(response)).toEqual([]);
  });

  it("may be several, as chunks are", () => {
    const response = NextResponse.next();
    const chunk = (index: number) => ({ ...sessionCookie, name: `session.${index}` });
    set(request({ cookie: "session=old; a=1" }), response, deletion, chunk(0), chunk(1));
    expect(forwarded(response)).toEqual({ cookie: "a=1; session.0=abc; session.1=abc" });
    expect(response.headers.getSetCookie()).toEqual([
      deletionHeader,
      "session.0=abc; Path=/; HttpOnly; SameSite=Lax",
      "session.1=abc; Path=/; HttpOnly; SameSite=Lax",
    ]);
  });

  it("has all its attributes, in the browser as for Next's own reader", () => {
    const response = NextResponse.next();
    set(request(), response, cookieOfEveryAttribute);
    expect(response.headers.getSetCookie()).toEqual([headerOfEveryAttribute]);
    expect(response.cookies.get("session")).toMatchObject({ value: "abc", maxAge: 60 });
  });

  it("does not touch the request itself", () => {
    const incoming = request({ cookie: "session=old" });
    set(incoming, NextResponse.next());
    expect(incoming.headers.get("cookie")).toBe("session=old");
    expect(incoming.cookies.get("session")?.value).toBe("old");
  });
});

describe("no cookie at all", () => {
  it("leaves the response alone", () => {
    const response = NextResponse.next({ headers: { "cache-control": "s-maxage=60" } });
    const before = [...response.headers];
    proxySink(request({ cookie: "a=1" }), response).assertWritable();
    expect([...response.headers]).toEqual(before);
  });
});

describe("what the user did to the response", () => {
  it("is kept: headers for the rest of the request, added, changed and removed", () => {
    const headers = new Headers({ "x-user": "ann", accept: "application/json", cookie: "a=1" });
    const response = NextResponse.next({ request: { headers } });
    set(request({ accept: "text/html", "x-removed": "1", cookie: "a=1; session=old" }), response);
    expect(forwarded(response)).toEqual({
      accept: "application/json",
      "x-user": "ann",
      cookie: "a=1; session=abc",
    });
    expect(leftovers(response)).toEqual([]);
  });

  it("is kept: cookies for the rest of the request, set on the request", () => {
    const incoming = request({ cookie: "session=old; a=1" });
    incoming.cookies.set("theme", "dark");
    const response = NextResponse.next({ request: incoming });
    set(incoming, response);
    expect(forwarded(response)).toEqual({ cookie: "a=1; theme=dark; session=abc" });
  });

  it("is kept: cookies for the rest of the request, also where the response does not say so", () => {
    const incoming = request({ cookie: "a=1" });
    incoming.cookies.set("theme", "dark");
    const response = NextResponse.next();
    set(incoming, response);
    expect(forwarded(response)).toEqual({ cookie: "a=1; theme=dark; session=abc" });
  });

  it("is kept: an override that is an empty text", () => {
    const headers = new Headers({ "x-empty": "", cookie: "a=1" });
    const response = NextResponse.next({ request: { headers } });
    set(request({ cookie: "a=1" }), response);
    expect(forwarded(response)).toEqual({ "x-empty": "", cookie: "a=1; session=abc" });
  });

  it("is kept: that it took all headers away", () => {
    const response = NextResponse.next({ request: { headers: new Headers() } });
    set(request({ accept: "text/html", cookie: "session=old" }), response);
    expect(forwarded(response)).toEqual({ cookie: "session=abc" });
  });

  it("is kept: cookies for the browser, set with Next's cookies, before and after", () => {
    const response = NextResponse.next();
    response.cookies.set("before", "1", { maxAge: 0 });
    set(request(), response);
    response.cookies.set("after", "2");
    expect(response.headers.getSetCookie().map((header) => header.split(";")[0])).toEqual([
      "before=1",
      "session=abc",
      "after=2",
    ]);
    expect(response.headers.getSetCookie()[0]).toMatch(/Max-Age=0/);
  });

  it("is kept: cookies for the browser, appended to the headers, two paths of one name", () => {
    const response = NextResponse.next();
    const raw = ["cart=1; Path=/a; Max-Age=0", "cart=2; Path=/b", "b=%F0%9F%8D%8D; Priority=Low"];
    for (const header of raw) response.headers.append("set-cookie", header);
    set(request(), response);
    expect(response.headers.getSetCookie()).toEqual([...raw, sessionHeader]);
    set(request(), response, deletion);
    expect(response.headers.getSetCookie()).toEqual([...raw, deletionHeader]);
  });

  it("is kept: cookies that it was made with", () => {
    const init = new Headers([
      ["set-cookie", "a=1; Path=/x"],
      ["set-cookie", "a=2; Path=/y"],
    ]);
    const response = NextResponse.next({ headers: init });
    set(request(), response);
    expect(response.headers.getSetCookie()).toEqual([
      "a=1; Path=/x",
      "a=2; Path=/y",
      sessionHeader,
    ]);
  });

  it("is what Next's server components read too, with each cookie once", () => {
    const response = NextResponse.next();
    response.cookies.set("theme", "dark");
    set(request(), response);
    set(request(), response);
    expect(response.headers.get("x-middleware-set-cookie")).toBe(
      `theme=dark; Path=/,${sessionHeader}`,
    );
  });

  it("is kept: its other headers, and a Vary of its own", () => {
    const response = NextResponse.next({ headers: { "x-mine": "1", vary: "Accept-Language" } });
    set(request(), response);
    expect(response.headers.get("x-mine")).toBe("1");
    expect(response.headers.get("vary")).toBe("Accept-Language, Cookie");
  });
});

describe("a cookie on another response", () => {
  it("goes to the browser and to where NextResponse.rewrite() leads", () => {
    const response = NextResponse.rewrite("http://localhost:3000/b");
    set(request({ cookie: "session=old; a=1" }), response);
    expect(response.headers.get("x-middleware-rewrite")).toBe("http://localhost:3000/b");
    expect(response.headers.getSetCookie()).toEqual([sessionHeader]);
    expect(forwarded(response)).toEqual({ cookie: "a=1; session=abc" });
  });

  it("keeps the headers that a rewrite overrides", () => {
    const headers = new Headers({ "x-tenant": "a" });
    const response = NextResponse.rewrite("http://localhost:3000/b", { request: { headers } });
    set(request({ accept: "*/*" }), response);
    expect(forwarded(response)).toEqual({ "x-tenant": "a", cookie: "session=abc" });
  });

  it.each([
    ["NextResponse.redirect()", () => NextResponse.redirect("http://localhost:3000/login", 303)],
    ["NextResponse.json()", () => NextResponse.json({ ok: true })],
    ["new NextResponse()", () => new NextResponse("text")],
  ])("of %s goes to the browser alone: the request ends here", (_, make) => {
    const response = make();
    const before = new Set(response.headers.keys());
    set(request({ cookie: "session=old" }), response);
    expect(response.headers.getSetCookie()).toEqual([sessionHeader]);
    expect([...response.headers.keys()].filter((name) => !before.has(name))).toEqual([
      "cache-control",
      "set-cookie",
      "vary",
      "x-middleware-set-cookie",
    ]);
    expect(response.headers.get("cache-control")).toBe("private, no-store");
  });
});
