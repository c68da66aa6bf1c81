import { describe, expect, it } from "vitest";
import { defineSession } from "../../src/core/define-session.ts";
import { SessionOptionError, SessionReadOnlyError } from "../../src/errors/errors.ts";
import { checkOptions } from "../../src/options/check-options.ts";
import type { SessionOptions } from "../../src/options/options.ts";
import { NOW, SECRET, stoppedClock } from "../support/fixed.ts";
import { thrownBy } from "../support/thrown.ts";
import { type LooseSession, sessionsWith, Visitor } from "../support/visitor.ts";

type Headers = Record<string, string>;

const IDP = "https://login.idp.example";
const clock = stoppedClock();

/** Saves a change in a request to https://shop.example, and returns whether that was allowed. */
async function saves(
  headers: Headers,
  { method, ...options }: SessionOptions & { method?: string | undefined } = {},
): Promise<boolean> {
  const sessions = await sessionsWith({ trustedOrigins: [], clock, ...options });
  const visitor = new Visitor();
  const jar = {
    ...visitor.jar(),
    origin: { protocol: "https", host: "shop.example" },
    header: (name: string) => headers[name],
    method,
  };
  const session = (await sessions.open(jar)) as LooseSession;
  session.visits = 1;
  try {
    await session.save();
  } catch (error) {
    expect(error).toBeInstanceOf(SessionReadOnlyError);
    expect((error as SessionReadOnlyError).code).toBe("ERR_SESSION_CROSS_ORIGIN");
    expect(jar.sent).toEqual([]);
    return false;
  }
  expect(jar.sent).toHaveLength(1);
  return true;
}

/*
 * What browsers send, by the Fetch standard (3.2, "append a request Origin header") and Fetch Metadata:
 * Origin with every method but GET and HEAD and with CORS; Sec-Fetch-Site to every trustworthy URL.
 */
const allowed: [string, Headers, string][] = [
  [
    "a form of this site",
    { origin: "https://shop.example", "sec-fetch-site": "same-origin" },
    "POST",
  ],
  ["its fetch()", { origin: "https://shop.example", "sec-fetch-site": "same-origin" }, "PUT"],
  [
    "a form with Referrer-Policy: no-referrer",
    { origin: "null", "sec-fetch-site": "same-origin" },
    "POST",
  ],
  ["a bookmark or the address bar", { "sec-fetch-site": "none" }, "GET"],
  ["a form that the visitor sends again", { origin: "null", "sec-fetch-site": "none" }, "POST"],
  ["a link on another site, or an OAuth answer", { "sec-fetch-site": "cross-site" }, "GET"],
  ["a link on a sibling", { "sec-fetch-site": "same-site" }, "GET"],
  [
    "an image on another site",
    { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" },
    "GET",
  ],
  ["a browser without Fetch Metadata", { origin: "https://shop.example" }, "POST"],
  ["a webview, or a program, without either header", {}, "POST"],
];

const foreign: [string, Headers][] = [
  ["a form on another site", { origin: "https://evil.example", "sec-fetch-site": "cross-site" }],
  ["a form on a sibling", { origin: "https://blog.shop.example", "sec-fetch-site": "same-site" }],
  [
    "another port of this host",
    { origin: "https://shop.example:8443", "sec-fetch-site": "same-site" },
  ],
  ["a sandboxed frame", { origin: "null", "sec-fetch-site": "cross-site" }],
  ["another site, in a browser without Fetch Metadata", { origin: "https://evil.example" }],
  ["a sandboxed frame there", { origin: "null" }],
  ["a host that only begins alike", { origin: "https://shop.example.evil.example" }],
  ["what is no origin", { origin: "shop.example" }],
];

describe("a save with `trustedOrigins`", () => {
  it.each(allowed)("is allowed after %s", async (_, headers, method) => {
    expect(await saves(headers, { method }), "where the method is known").toBe(true);
    expect(await saves(headers), "in Next.js, which does not say it").toBe(true);
  });

  it.each(foreign)("is refused after %s", async (_, headers) => {
    for (const method of ["POST", "PUT", "DELETE", undefined]) {
      expect(await saves(headers, { method }), method).toBe(false);
    }
  });

  it("is refused without Origin, where the method and Sec-Fetch-Site show it", async () => {
    expect(await saves({ "sec-fetch-site": "cross-site" }, { method: "POST" })).toBe(false);
  });

  it("is allowed for an origin in the list, such as that of an SSO that posts its answer", async () => {
    const trustedOrigins = ["https://other.example", IDP];
    for (const site of [{}, { "sec-fetch-site": "cross-site" }]) {
      expect(await saves({ origin: IDP, ...site }, { method: "POST", trustedOrigins })).toBe(true);
      const alike = { origin: `${IDP}.evil.example`, ...site };
      expect(await saves(alike, { method: "POST", trustedOrigins })).toBe(false);
    }
  });

  it("takes the default port of either scheme for the same host: a proxy may have ended TLS", async () => {
    expect(await saves({ origin: "https://shop.example:443" }, { method: "POST" })).toBe(true);
    expect(await saves({ origin: "http://shop.example" }, { method: "POST" })).toBe(true);
  });

  it("says where the request came from and what to do, and quotes nothing that is no origin", async () => {
    const { getSession } = defineSession<{ visits: number }>({
      secret: SECRET,
      trustedOrigins: [],
    });
    const message = async (origin: string) => {
      const request = new Request("https://shop.example/", { method: "POST", headers: { origin } });
      const session = await getSession(request, new Headers());
      session.visits = 1;
      return (await thrownBy(() => session.save(), SessionReadOnlyError)).message;
    };
    expect(await message("https://evil.example")).toBe(
      "The session was changed in a request that https://evil.example sent, which is neither this site nor in the session option `trustedOrigins`. List it there if it may, as an SSO provider that posts its answer; otherwise answer such requests with status 403.",
    );
    for (const hostile of ["null", "x\u001b[2J", `https://${"a".repeat(3000)}.example`]) {
      expect(await message(encodeURI(hostile)), hostile).toContain("that another site sent,");
    }
  });

  it("does not refuse a refresh as an error: it waits for a request of this site", async () => {
    const sessions = await sessionsWith({ trustedOrigins: [], clock, refreshAfter: 60 });
    const visitor = new Visitor();
    await visitor.visits(sessions, (session) => Object.assign(session, { user: "ada" }));
    clock.to(NOW + 61);
    const jar = { ...visitor.jar(), method: "POST", header: () => "https://evil.example" };
    const session = await sessions.open(jar);
    await session.save();
    expect(jar.sent).toEqual([]);
    expect(await visitor.visits(sessions)).toHaveLength(1);
    clock.to(NOW);
  });
});

describe("without `trustedOrigins`", () => {
  it.each(foreign)("a save is allowed after %s", async (_, headers) => {
    expect(await saves(headers, { method: "POST", trustedOrigins: undefined })).toBe(true);
  });
});

describe("the option is refused", () => {
  it.each([
    ["https://a.example"],
    [["a.example"]],
    [["https://a.example/"]],
    [["https://a.example/path"]],
    [["HTTPS://a.example"]],
    [["https://a.example:443"]],
    [["*"]],
    [["null"]],
    [[7]],
  ])("as %j", async (trustedOrigins) => {
    const options = { secret: SECRET, trustedOrigins } as SessionOptions;
    const error = await thrownBy(() => checkOptions(options), SessionOptionError);
    expect(error.message).toMatch(/^The session option `trustedOrigins(\[0\])?` cannot be /);
    expect(error.message).toContain('such as "https://login.example.com"');
  });
});
