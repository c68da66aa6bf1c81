import { NextRequest, NextResponse } from "next/server.js";
import { afterEach, describe, expect, it, vi } from "vitest";
import { rewriteRefusal, withholdSession } from "../../src/jars/rewrite.ts";

const cookie = "a=1; session=x; session.0=y; session2=z";
const request = (host = "localhost:3000", url = "http://localhost:3000/cart") =>
  new NextRequest(url, { headers: { host, cookie } });

const rewriting = (to: string) => NextResponse.rewrite(to);

/** The Cookie header with which the request goes on. */
function forwardedCookie({ headers }: NextResponse): string | null {
  return headers.has("x-middleware-override-headers")
    ? headers.get("x-middleware-request-cookie")
    : cookie;
}

afterEach(() => vi.unstubAllEnvs());

describe("a cookie beside a rewrite", () => {
  it.each(["http://localhost:3000/b", "http://127.0.0.1:3000/b", "http://[::1]:3000/b"])(
    "can be sent where it leads to %s, which Next takes for its own origin",
    (to) => {
      expect(rewriteRefusal(request(), rewriting(to))).toBeUndefined();
    },
  );

  it.each([
    ["https://localhost:3000/b", "https://localhost:3000"],
    ["http://localhost:3001/b", "http://localhost:3001"],
    ["https://docs.example/b?c=1", "https://docs.example"],
  ])("is refused where it leads to %s", (to, origin) => {
    const refusal = rewriteRefusal(request(), rewriting(to));
    expect(refusal?.code).toBe("ERR_SESSION_READ_ONLY");
    expect(refusal?.message).toContain(`beside a rewrite to ${origin}, whose Cache-Control`);
  });

  it.each(["127.0.0.1", "[::1]"])("is refused while Next listens on %s", (host) => {
    vi.stubEnv("__NEXT_PRIVATE_ORIGIN", `http://${host}:3000`);
    const refusal = rewriteRefusal(request(), rewriting("http://localhost:3000/b"));
    expect(refusal?.message).toContain(`while Next.js listens on ${host}`);
    expect(refusal?.message).toContain("-H localhost");
  });

  it.each(["localhost", "192.168.1.5", "0.0.0.0"])("is sent while Next listens on %s", (host) => {
    vi.stubEnv("__NEXT_PRIVATE_ORIGIN", `http://${host}:3000`);
    const own = `http://${host}:3000`;
    expect(rewriteRefusal(request(host, own), rewriting(`${own}/b`))).toBeUndefined();
  });

  it("is none of its business where there is no rewrite", () => {
    expect(rewriteRefusal(request(), NextResponse.next())).toBeUndefined();
  });
});

describe("the session's cookie, with its chunks,", () => {
  it("does not go to another origin; all others do", () => {
    const response = rewriting("https://docs.example/b");
    withholdSession(request(), response, "session");
    expect(forwardedCookie(response)).toBe("a=1; session2=z");
    withholdSession(request(), response, "session2");
    expect(forwardedCookie(response)).toBe("a=1");
  });

  it("goes to the own origin, as Next and as the browser name it", () => {
    for (const to of ["http://127.0.0.1:3000/b", "https://shop.example/b"]) {
      const response = rewriting(to);
      withholdSession(request("shop.example"), response, "session");
      expect(forwardedCookie(response)).toBe(cookie);
    }
  });

  it("goes where the proxy itself says which headers go", () => {
    const response = NextResponse.rewrite("https://docs.example/b", { request: request() });
    withholdSession(request(), response, "session");
    expect(forwardedCookie(response)).toBe(cookie);
  });

  it("goes on with a request that is not rewritten", () => {
    const response = NextResponse.next();
    withholdSession(request(), response, "session");
    expect(forwardedCookie(response)).toBe(cookie);
  });
});
