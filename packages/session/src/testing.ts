/**
 * For an app's tests: a login without the login form, a visitor without a browser, a clock that
 * stands still, and the tests that a store must pass.
 *
 * @module next-signed-session/testing
 */

import { AsyncLocalStorage } from "node:async_hooks";
import type { SetCookie } from "./cookie/cookie.ts";
import { DEFAULT_NAMES } from "./cookie/default-names.ts";
import type { GetSession } from "./core/session-definition.ts";
import { SessionContextError } from "./errors/errors.ts";
import { type AmbientJar, provideAmbientJar } from "./jars/ambient.ts";
import { type Duration, toSeconds } from "./options/duration.ts";
import type { Session } from "./session/session.ts";

export type { SetCookie } from "./cookie/cookie.ts";
export { atomicStoreContract, storeContract } from "./store/contract.ts";
export { storeFaultContract } from "./store/fault-contract.ts";
export { groupStoreContract } from "./store/group-contract.ts";
export type {
  StoreFault,
  StoreFaultRequirement,
  StoreRequirement,
} from "./store/requirement.ts";

/** A cookie for Playwright's `context.addCookies`. */
export interface BrowserCookie {
  name: string;
  value: string;
  /** With https for a Secure cookie, as Playwright wants it. The browser sends it to http://localhost too. */
  url: string;
  /** Unix time in seconds. Absent if the cookie ends with the browser. */
  expires?: number;
  httpOnly: boolean;
  secure: boolean;
  sameSite: "Lax" | "Strict" | "None";
}

/**
 * Makes the cookies of a session with this data, as the app would send them: a login without the login
 * form.
 *
 * @param getSession The app's own, for its secret and options.
 * @param data The session's data.
 * @param options.url The app's URL. Default: `"http://localhost:3000"`.
 * @param options.permanent The session's `permanent`. Default: `false`.
 * @throws SessionError with the codes of `getSession()` and `session.save()`
 *
 * @example
 * await context.addCookies(await mintCookies(getSession, { userId: "ada" }, { url: baseURL }));
 */
export async function mintCookies<Data>(
  getSession: GetSession<Data>,
  data: Partial<Data>,
  options: { url?: string | undefined; permanent?: boolean | undefined } = {},
): Promise<BrowserCookie[]> {
  const { url = "http://localhost:3000", permanent = false } = options;
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
    // Playwright takes Secure from the URL. Chromium then sends the cookie to http://localhost as well.
    url: cookie.secure ? url.replace(/^http:/, "https:") : url,
    ...(cookie.expires && { expires: cookie.expires.getTime() / 1000 }),
    httpOnly: cookie.httpOnly,
    secure: cookie.secure,
    sameSite: SAME_SITE[cookie.sameSite],
  }));
}

const SAME_SITE = { lax: "Lax", strict: "Strict", none: "None" } as const;

/** A source of cookies: a fetch `Response`, its headers, or a browser context's cookies. */
export type CookieSource =
  | Response
  | Headers
  | readonly { readonly name: string; readonly value: string }[];

/**
 * Reads the session from a response's Set-Cookie headers or from a browser's cookies. Changes to it
 * reach neither.
 *
 * @throws SessionContextError (`ERR_SESSION_ARGUMENTS`) if these cookies have the session under another
 * default name: the app runs with another `NODE_ENV` than the test
 * @throws SessionError with the codes of `getSession()`
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
  const visitor = new Visitor(pairs.join("; "));
  const session = await visitor.request(() => getSession());
  if (session.isNew) await assertSameName(getSession, [...visitor.cookies.keys()]);
  return session;
}

/** An empty session is what there is, unless the cookie goes by the name of another environment. */
async function assertSameName<Data>(getSession: GetSession<Data>, given: string[]): Promise<void> {
  const found = DEFAULT_NAMES.filter((name) =>
    given.some((each) => each.replace(/\.\d$/, "") === name),
  );
  if (found.length === 0) return;
  // clear() deletes the session's cookie, so this visitor is sent the name that it has here.
  const visitor = new Visitor(DEFAULT_NAMES.map((name) => `${name}=refused`).join("; "));
  await visitor.request(async () => {
    const session = await getSession();
    session.clear();
    await session.save();
  });
  const expected = visitor.sent[0]?.name;
  if (expected === undefined || found.some((name) => name === expected)) return;
  throw new SessionContextError(
    "ERR_SESSION_ARGUMENTS",
    `readSession() was given the cookie \`${found[0]}\`, and in this process the session's cookie is \`${expected}\`. The default name depends on NODE_ENV. Run the test with the NODE_ENV of the app (\`production\` under \`next start\`), or give the definition a \`name\`.`,
  );
}

/**
 * A visitor whose cookie jar is in memory, like Flask's test client. In its requests `getSession()`
 * works as in a server action.
 *
 * @example
 * const visitor = new Visitor();
 * await visitor.request(() => addToCart("apples"));
 * const session = await visitor.request(() => getSession());
 * expect(session.cart).toEqual({ apples: 1 });
 */
export class Visitor {
  /** The cookies in the visitor's browser: values by name. */
  readonly cookies = new Map<string, string>();
  /** The cookies that the last request set. An empty value deletes the cookie. */
  sent: readonly SetCookie[] = [];

  /** @param cookieHeader The browser's first cookies, as a Cookie header. Default: none. */
  constructor(cookieHeader = "") {
    for (const pair of cookieHeader.split(/; */).filter(Boolean)) {
      const equals = pair.indexOf("=");
      this.cookies.set(pair.slice(0, equals), pair.slice(equals + 1));
    }
    provideAmbientJar(() => requests.getStore());
  }

  /** Runs `act` as one request, in which all `getSession()` calls return the same session. */
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

/** A clock for the option `clock`. It stands still until `advance` is called. */
export interface FixedClock {
  /** Milliseconds since 1970. */
  (): number;
  /**
   * Lets time pass: seconds, or `{ days, hours, minutes, seconds }`.
   *
   * @throws SessionOptionError (`ERR_SESSION_OPTION`) if it is not a duration, or is negative
   */
  advance(by: Duration): void;
}

/**
 * Makes a clock that stands still.
 *
 * @param start The clock's time, as a Date or in milliseconds since 1970. Default: now.
 *
 * @example
 * const clock = fixedClock(new Date("2030-01-01"));
 * const { getSession } = defineSession({ clock });
 * clock.advance({ days: 32 }); // the session has expired
 */
export function fixedClock(start: Date | number = new Date()): FixedClock {
  let milliseconds = Number(start);
  return Object.assign(() => milliseconds, {
    advance(by: Duration) {
      milliseconds += toSeconds("advance", by, { least: 0, now: 0 }) * 1000;
    },
  });
}
