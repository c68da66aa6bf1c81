import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { NextRequest, NextResponse } from "next/server.js";
import { describe, expect, it } from "vitest";
import { SessionContextError } from "../../src/errors/errors.ts";
import { jarOf as jarOfNamed } from "../../src/jars/from-arguments.ts";
import { sessionCookie, sessionHeader } from "../support/cookies.ts";
import { thrownBy } from "../support/thrown.ts";

const url = "http://localhost:3000/";
const cookie = "session=old";

const jarOf = (request: unknown, response: unknown) => jarOfNamed(request, response, "session");

function nodePair(): [IncomingMessage, ServerResponse] {
  const request = new IncomingMessage(new Socket());
  request.headers = { cookie };
  return [request, new ServerResponse(request)];
}

describe("the jar of a request and a response", () => {
  it("is a proxy's for NextRequest and NextResponse: the request goes on with the cookie", () => {
    const response = NextResponse.next();
    jarOf(new NextRequest(url, { headers: { cookie } }), response).set([sessionCookie]);
    expect(response.headers.getSetCookie()).toEqual([sessionHeader]);
    expect(response.headers.get("x-middleware-request-cookie")).toBe("session=abc");
  });

  it("is a proxy's for a plain Request and NextResponse too", () => {
    const response = NextResponse.next();
    jarOf(new Request(url, { headers: { cookie } }), response).set([sessionCookie]);
    expect(response.headers.get("x-middleware-request-cookie")).toBe("session=abc");
  });

  it("is a web one for Request and Response, Headers, or NextRequest and Response", () => {
    for (const request of [new Request(url), new NextRequest(url)]) {
      const response = new Response("text");
      jarOf(request, response).set([sessionCookie]);
      expect(response.headers.getSetCookie()).toEqual([sessionHeader]);
      expect(response.headers.has("x-middleware-request-cookie")).toBe(false);
      const headers = new Headers();
      jarOf(new Request(url), headers).set([sessionCookie]);
      expect(headers.getSetCookie()).toEqual([sessionHeader]);
    }
  });

  it("is Node's for IncomingMessage and ServerResponse", () => {
    const [request, response] = nodePair();
    const jar = jarOf(request, response);
    expect(jar.cookieHeader).toBe(cookie);
    jar.set([sessionCookie]);
    expect(response.getHeader("set-cookie")).toEqual([sessionHeader]);
  });

  it("knows them by what they can do, and takes those of another realm or library", () => {
    const headers = new Headers({ cookie });
    const request = { url, method: "GET", headers };
    const response = { headers: new Headers() };
    const jar = jarOf(request, response);
    expect(jar.cookieHeader).toBe(cookie);
    jar.set([sessionCookie]);
    expect(response.headers.getSetCookie()).toEqual([sessionHeader]);
  });

  it("is one for a request, with all the responses it was named with", () => {
    const request = new NextRequest(url);
    const [next, redirect] = [NextResponse.next(), NextResponse.redirect(url)];
    const jar = jarOf(request, next);
    jar.set([sessionCookie]);
    expect(jarOf(request, redirect)).toBe(jar);
    expect(redirect.headers.getSetCookie()).toEqual([sessionHeader]);
    expect(jarOf(new NextRequest(url), NextResponse.next())).not.toBe(jar);
    const [nodeRequest, nodeResponse] = nodePair();
    expect(jarOf(nodeRequest, nodeResponse)).toBe(jarOf(nodeRequest, nodeResponse));
  });
});

describe("getSession's arguments", () => {
  const request = new NextRequest(url);
  const [nodeRequest, nodeResponse] = nodePair();
  const first = "It must be a NextRequest, a Request or Node's IncomingMessage.";
  const second =
    "It must be the NextResponse, Response or Headers that get the cookie: const response = NextResponse.next(); … getSession(request, response).";
  const node = "It must be Node's ServerResponse, since the first is Node's IncomingMessage.";

  it.each<[string, unknown, unknown, string, string]>([
    ["the response forgotten", request, undefined, "second argument is undefined", second],
    ["a response of null", request, null, "second argument is null", second],
    ["the request twice", request, request, "second argument is a NextRequest", second],
    ["a plain request twice", request, new Request(url), "argument is a Request", second],
    ["a map of headers", request, new Map(), "second argument is a Map", second],
    ["a promise of a response", request, Promise.resolve(), "second argument is a Promise", second],
    ["an init in a response's place", request, {}, "second argument is ", second],
    ["Node's response to a web request", request, nodeResponse, "a ServerResponse", second],
    ["a web response to Node's request", nodeRequest, new Response(), "a Response", node],
    ["Node's response forgotten", nodeRequest, undefined, "second argument is undefined", node],
    ["both forgotten", undefined, undefined, "first argument is undefined", first],
    ["a URL for a request", url, new Response(), `first argument is "${url}"`, first],
    ["options for a request", { name: "x" }, {}, "first argument is ", first],
    ["both swapped", new Response(), request, "first argument is a Response", first],
    ["both swapped, in a proxy", NextResponse.next(), request, "is a NextResponse", first],
    ["both swapped, of Node", nodeResponse, nodeRequest, "is a ServerResponse", first],
  ])("%s: the error names it, and says what it must be", async (_, one, two, found, allowed) => {
    const error = await thrownBy(() => jarOf(one, two), SessionContextError);
    expect(error.code).toBe("ERR_SESSION_ARGUMENTS");
    expect(error.message).toContain("getSession(request, response): the ");
    expect(error.message).toContain(found);
    expect(error.message).toContain(allowed);
  });
});

describe("a framework's object in the place of the platform's", () => {
  const [nodeRequest, nodeResponse] = nodePair();
  const { headers, method } = nodeRequest;

  it.each<[string, unknown, unknown]>([
    ["Fastify's", { raw: nodeRequest, headers, url: "/", method }, { raw: nodeResponse }],
    ["Hono's", { raw: new Request(url), url, method: "GET" }, new Headers()],
  ])("is refused with where it holds that one: %s", async (_, request, response) => {
    const error = await thrownBy(() => jarOf(request, response), SessionContextError);
    expect(error.code).toBe("ERR_SESSION_ARGUMENTS");
    expect(error.message).toContain("getSession(request.raw, reply.raw)");
    expect(error.message).toContain("getSession(context.req.raw, headers)");
  });
});

describe("a response to a request whose session is looked at", () => {
  it("varies by cookie, changed or not: in web's and Node's responses, and a proxy's own", () => {
    const [web, headers, own] = [new Response(), new Headers(), NextResponse.json({})];
    for (const response of [web, headers, own]) jarOf(new NextRequest(url), response);
    expect(web.headers.get("vary")).toBe("Cookie");
    expect(headers.get("vary")).toBe("Cookie");
    expect(own.headers.get("vary")).toBe("Cookie");
    const [request, response] = nodePair();
    response.setHeader("vary", "Accept");
    jarOf(request, response);
    expect(response.getHeader("vary")).toBe("Accept, Cookie");
  });

  it("is not a proxy's that goes on: what it becomes may not depend on the session", () => {
    const [next, rewrite] = [NextResponse.next(), NextResponse.rewrite(`${url}other`)];
    for (const response of [next, rewrite]) jarOf(new NextRequest(url), response);
    expect(next.headers.has("vary")).toBe(false);
    expect(rewrite.headers.has("vary")).toBe(false);
  });

  it("stays as it is where its headers cannot be changed any more", () => {
    expect(jarOf(new Request(url), Response.redirect(url)).cookieHeader).toBe("");
    const [request, response] = nodePair();
    response.flushHeaders();
    jarOf(request, response);
    expect(response.hasHeader("vary")).toBe(false);
  });
});
