import { describe, expect, it } from "vitest";
import { SessionReadOnlyError } from "../../src/errors/errors.ts";
import { webJar, webSink } from "../../src/jars/web.ts";
import { deletion, deletionHeader, sessionCookie, sessionHeader } from "../support/cookies.ts";
import { thrownBy } from "../support/thrown.ts";

const request = (headers: HeadersInit = {}, url = "http://localhost:3000/cart?a=1") =>
  new Request(url, { headers });

describe("the jar of a web request", () => {
  it("has its Cookie header, or an empty one", () => {
    expect(webJar(request({ cookie: "session=a; b=2" })).cookieHeader).toBe("session=a; b=2");
    expect(webJar(request()).cookieHeader).toBe("");
  });

  it.each<[string, Record<string, string>, string, object]>([
    ["its URL", {}, "https://example.com/", { protocol: "https", host: "example.com" }],
    ["its URL, with the port", {}, "http://a.b:8080/", { protocol: "http", host: "a.b:8080" }],
    [
      "Host",
      { host: "shop.example" },
      "http://10.0.0.1/",
      { protocol: "http", host: "shop.example" },
    ],
    [
      "what a proxy in front forwards",
      { host: "10.0.0.1", "x-forwarded-host": "shop.example", "x-forwarded-proto": "https" },
      "http://10.0.0.1/",
      { protocol: "https", host: "shop.example" },
    ],
  ])("knows what the browser addressed from %s", (_, headers, url, origin) => {
    expect(webJar(request(headers, url)).origin).toEqual(origin);
  });
});

describe("a cookie on a web response", () => {
  it("is in its headers, which no shared cache may keep", () => {
    const headers = new Headers();
    webSink(headers).set([sessionCookie]);
    expect([...headers]).toEqual([
      ["cache-control", "private, no-store"],
      ["set-cookie", sessionHeader],
      ["vary", "Cookie"],
    ]);
  });

  it("replaces the one set before, and leaves all others, two paths of one name among them", () => {
    const others = ["a=1; Path=/x", "a=2; Path=/y", "session2=x", "xsession=y", "session.0=z"];
    const headers = new Headers();
    for (const header of [...others, "session=old; Path=/"]) headers.append("set-cookie", header);
    const sink = webSink(headers);
    sink.set([{ ...sessionCookie, value: "first" }]);
    sink.set([sessionCookie]);
    expect(headers.getSetCookie()).toEqual([...others, sessionHeader]);
  });

  it("is removed by a deletion, of which there may be several at once", () => {
    const headers = new Headers();
    webSink(headers).set([deletion, { ...sessionCookie, name: "session.0" }]);
    expect(headers.getSetCookie()).toEqual([
      deletionHeader,
      "session.0=abc; Path=/; HttpOnly; SameSite=Lax",
    ]);
  });

  it.each([
    [null, "private, no-store"],
    ["public, max-age=3600", "private, no-store"],
    ["s-maxage=31536000", "private, no-store"],
    ["no-cache", "private, no-store"],
    ["private", "private"],
    ["private, max-age=60", "private, max-age=60"],
    ["Private", "Private"],
    ["no-store", "no-store"],
    ["max-age=0, no-store", "max-age=0, no-store"],
    ["max-age=60,PRIVATE", "max-age=60,PRIVATE"],
    // RFC 9111, 5.2.2.7: with field names only these are private, and the rest may be shared.
    ['private="X-Note"', "private, no-store"],
    ['private="X-Note", private', 'private="X-Note", private'],
    ['no-cache="private, no-store", max-age=60', "private, no-store"],
    ['extension="a \\", private, \\"", max-age=60', "private, no-store"],
    ["x-private, not-no-store", "private, no-store"],
    ["max-age=60; private", "private, no-store"],
    ["private=", "private, no-store"],
  ])("makes of Cache-Control %j: %j", (before, after) => {
    const headers = new Headers(before === null ? {} : { "cache-control": before });
    webSink(headers).set([sessionCookie]);
    expect(headers.get("cache-control")).toBe(after);
  });

  it("is in no shared cache either that goes by a header of its own (RFC 9213)", () => {
    const headers = new Headers({
      "cdn-cache-control": "max-age=3600",
      "vercel-cdn-cache-control": "private, max-age=60",
    });
    webSink(headers).set([sessionCookie]);
    expect(headers.get("cdn-cache-control")).toBe("private, no-store");
    expect(headers.get("vercel-cdn-cache-control")).toBe("private, max-age=60");
    expect(headers.has("surrogate-control")).toBe(false);
  });

  it.each([
    [null, "Cookie"],
    ["Accept", "Accept, Cookie"],
    ["Accept, cookie", "Accept, cookie"],
    ["COOKIE", "COOKIE"],
    ["*", "*"],
    ["X-Cookie", "X-Cookie, Cookie"],
  ])("makes of Vary %j: %j", (before, after) => {
    const headers = new Headers(before === null ? {} : { vary: before });
    webSink(headers).set([sessionCookie]);
    webSink(headers).set([sessionCookie]);
    expect(headers.get("vary")).toBe(after);
  });

  it.each([
    ["Response.redirect()", Response.redirect("http://localhost/login")],
    ["Response.error()", Response.error()],
  ])("of %s cannot be set, and the error shows what to write instead", async (_, response) => {
    const error = await thrownBy(
      () => webSink(response.headers).set([sessionCookie]),
      SessionReadOnlyError,
    );
    expect(error.code).toBe("ERR_SESSION_READ_ONLY");
    expect(error.cause).toBeInstanceOf(TypeError);
    expect(error.message).toContain("a response whose headers are immutable");
    expect(error.message).toContain(
      "Give getSession() a response of your own: new Response(null, { status: 303, headers: { location } }), or NextResponse.redirect(url).",
    );
  });
});

describe("no cookie at all", () => {
  it("leaves the response alone, and asks whether one could be set", async () => {
    const headers = new Headers([
      ["set-cookie", "a=1; Path=/x"],
      ["set-cookie", "a=2; Path=/y"],
    ]);
    webSink(headers).assertWritable();
    expect([...headers]).toEqual([
      ["set-cookie", "a=1; Path=/x"],
      ["set-cookie", "a=2; Path=/y"],
    ]);
    await thrownBy(
      () => webSink(Response.redirect("http://a/").headers).assertWritable(),
      SessionReadOnlyError,
    );
  });
});

describe("a jar with several responses", () => {
  it("sets each cookie on all of them", () => {
    const jar = webJar(request());
    const [first, second] = [new Headers(), new Headers()];
    jar.attach(first, webSink(first));
    jar.attach(second, webSink(second));
    jar.set([sessionCookie]);
    expect(first.getSetCookie()).toEqual([sessionHeader]);
    expect(second.getSetCookie()).toEqual([sessionHeader]);
  });

  it("sets no cookie at all if one of them cannot have it", async () => {
    const jar = webJar(request());
    const [first, { headers: immutable }] = [new Headers(), Response.redirect("http://a/")];
    jar.attach(first, webSink(first));
    jar.attach(immutable, webSink(immutable));
    await thrownBy(() => jar.set([sessionCookie]), SessionReadOnlyError);
    expect([...first]).toEqual([]);
  });

  it("sets what was set before on one that comes late: the last of each name", () => {
    const jar = webJar(request());
    const [first, late] = [new Headers(), new Headers()];
    jar.attach(first, webSink(first));
    jar.set([
      { ...sessionCookie, value: "old" },
      { ...sessionCookie, name: "other" },
    ]);
    jar.set([sessionCookie]);
    jar.attach(late, webSink(late));
    expect(late.getSetCookie().sort()).toEqual([
      "other=abc; Path=/; HttpOnly; SameSite=Lax",
      sessionHeader,
    ]);
  });

  it("leaves a late one alone when nothing was set", () => {
    const jar = webJar(request());
    const late = new Headers();
    jar.attach(late, webSink(late));
    expect([...late]).toEqual([]);
  });

  it("knows one that it has already", () => {
    const jar = webJar(request());
    const headers = new Headers();
    jar.attach(headers, webSink(headers));
    jar.set([sessionCookie]);
    headers.delete("set-cookie");
    jar.attach(headers, webSink(headers));
    expect(headers.getSetCookie()).toEqual([]);
  });
});
