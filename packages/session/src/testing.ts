/**
 * For tests of an app: a login without the login form, a visitor without a browser, a clock that
 * stands still, and what a store must do.
 *
 * @module next-signed-session/testing
 */

import { AsyncLocalStorage } from "node:async_hooks";
import type { SetCookie } from "./cookie/cookie.ts";
import type { GetSession } from "./core/define-session.ts";
import { type AmbientJar, provideAmbientJar } from "./jars/ambient.ts";
import { type Duration, toSeconds } from "./options/duration.ts";
import type { Session } from "./session/session.ts";

export type { SetCookie } from "./cookie/cookie.ts";
export type { StoreRequirement } from "./store/contract.ts";
export { atomicStoreContract, storeContract } from "./store/contract.ts";

/** A cookie as Playwright's `context.addCookies` takes it. */
export interface BrowserCookie {
  name: string;
  value: string;
  url: string;
  /** Unix time in seconds; absent for a cookie that ends with the browser. */
  expires?: number;
  httpOnly: boolean;
  secure: boolean;
  sameSite: "Lax" | "Strict" | "None";
}

/**
 * The cookies that hold a session with this data, as if the app had just sent them: a login without
 * the login form.
 *
 * @param getSession Of the app, whose secret and options the cookies are made with.
 * @param data What the session holds.
 * @param options Of the cookies.
 * @param options.url Where the app is. Default: `"http://localhost:3000"`.
 * @param options.permanent As `session.permanent`. Default: `false`.
 * @throws whatever `session.save()` throws for this data
 *
 * @example
 * await context.addCookies(await mintCookies(getSession, { userId: "ada" }, { url: baseURL }));
 */
export async function mintCookies<Data>(
  getSession: GetSession<Data>,
  data: Partial<Data>,
  { url = "http://localhost:3000", permanent = false }: { url?: string; permanent?: boolean } = {},
): Promise<BrowserCookie[]> {
  const visitor = new Visitor();
  await visitor.request(async () => {
    const session = await getSession();
    Object.assign(session, data);
    session.permanent = permanent;
    await session.save();
  });
  return visitor.sent.map((cookie) => ({
    name: cookie.name,
    value: cookie.value,
    url,
    ...(cookie.expires && { expires: cookie.expires.getTime() / 1000 }),
    httpOnly: cookie.httpOnly,
    secure: cookie.secure,
    sameSite: SAME_SITE[cookie.sameSite],
  }));
}

const SAME_SITE = { lax: "Lax", strict: "Strict", none: "None" } as const;

/** Anything that carries cookies: a fetch `Response`, its headers, or a browser context's cookies. */
export type CookieSource =
  | Response
  | Headers
  | readonly { readonly name: string; readonly value: string }[];

/**
 * The session that a response's Set-Cookie headers, or a browser's cookies, hold: to look at, since
 * its changes go nowhere.
 *
 * @example
 * const session = await readSession(getSession, await fetch(url));
 * const session = await readSession(getSession, await context.cookies());
 */
export async function readSession<Data>(
  getSession: GetSession<Data>,
  from: CookieSource,
): Promise<Session<Data>> {
  const pairs =
    "getSetCookie" in from || "headers" in from
      ? ("headers" in from ? from.headers : from)
          .getSetCookie()
          .map((header) => header.split(";", 1)[0])
      : from.map(({ name, value }) => `${name}=${value}`);
  return new Visitor(pairs.join("; ")).request(() => getSession());
}

/**
 * A visitor with a cookie jar in memory. In its requests `getSession()` works as it does in a server
 * action: the counterpart of Flask's test client and its `session_transaction()`.
 *
 * @example
 * const visitor = new Visitor();
 * await visitor.request(() => addToCart("apples"));
 * const session = await visitor.request(() => getSession());
 * expect(session.cart).toEqual({ apples: 1 });
 */
export class Visitor {
  /** What the visitor's browser holds: values by name. */
  readonly cookies = new Map<string, string>();
  /** The cookies that the last request set or, with an empty value, deleted. */
  sent: readonly SetCookie[] = [];

  /** @param cookieHeader What the browser holds at first, as a Cookie header. */
  constructor(cookieHeader = "") {
    for (const pair of cookieHeader.split(/; */).filter(Boolean)) {
      const equals = pair.indexOf("=");
      this.cookies.set(pair.slice(0, equals), pair.slice(equals + 1));
    }
    provideAmbientJar(() => requests.getStore());
  }

  /** Runs this as one request: all its `getSession()` calls give one session. */
  request<Result>(act: () => Result): Result {
    this.sent = [];
    const cookieHeader = [...this.cookies].map((pair) => pair.join("=")).join("; ");
    const set = (cookies: readonly SetCookie[]) => {
      this.sent = [...this.sent, ...cookies];
      for (const { name, value } of cookies) {
        if (value === "") this.cookies.delete(name);
        else this.cookies.set(name, value);
      }
    };
    return requests.run({ request: {}, cookieHeader, assertWritable() {}, set }, act);
  }
}

const requests = new AsyncLocalStorage<AmbientJar>();

/** A clock that stands still until it is told, for the option `clock`. */
export interface FixedClock {
  /** Milliseconds since 1970. */
  (): number;
  /** Lets time pass: seconds, or `{ days, hours, minutes, seconds }`. */
  advance(by: Duration): void;
}

/**
 * @param start When the clock stands. Default: now.
 *
 * @example
 * const clock = fixedClock(new Date("2030-01-01"));
 * const { getSession } = defineSession({ clock });
 * clock.advance({ days: 32 }); // and the session has expired
 */
export function fixedClock(start: Date | number = new Date()): FixedClock {
  let milliseconds = Number(start);
  return Object.assign(() => milliseconds, {
    advance(by: Duration) {
      milliseconds += toSeconds("advance", by, { least: 0, now: 0 }) * 1000;
    },
  });
}
