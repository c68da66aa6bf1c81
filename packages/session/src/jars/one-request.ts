import { findCookies } from "../cookie/chunks.ts";
import { processGlobal } from "../runtime/process-global.ts";
import { currentWork, isInProxy, isInRouteHandler } from "./next-internals.ts";
import type { ResponseJar } from "./response-jar.ts";

/*
 * Several objects can stand for one request, and each would get its own session. Next's work store
 * shows which belong together: it is one object throughout a proxy, and one throughout a route handler.
 * Before Next 16 this cannot be detected.
 */

const jarsInProxies = new WeakMap<object, ResponseJar[]>();

/** The jar that this proxy already has for a request with the same session cookie. */
export function jarOfSameRequest(cookieHeader: string, name: string): ResponseJar | undefined {
  const work = isInProxy() ? currentWork() : undefined;
  const jars = work && jarsInProxies.get(work);
  return jars?.find((jar) => haveSameSession(jar.cookieHeader, cookieHeader, name));
}

export function rememberInProxy(jar: ResponseJar): void {
  const work = isInProxy() ? currentWork() : undefined;
  if (work) jarsInProxies.set(work, [...(jarsInProxies.get(work) ?? []), jar]);
}

type Way = "without arguments" | "with arguments";

/** For each way in which a route handler has called getSession(): the Cookie header of that call. */
const waysInHandlers = processGlobal(
  "ways-in-handlers",
  () => new WeakMap<object, Map<Way, string>>(),
);

/** Notes this call, and says whether this route handler has called getSession() the other way for the same session. */
export function notedOtherWay(way: Way, cookieHeader: string, name: string): boolean {
  const work = isInRouteHandler() ? currentWork() : undefined;
  if (!work) return false;
  const ways = waysInHandlers.get(work) ?? new Map<Way, string>();
  waysInHandlers.set(work, ways);
  const other = ways.get(way === "with arguments" ? "without arguments" : "with arguments");
  if (other !== undefined && haveSameSession(other, cookieHeader, name)) return true;
  ways.set(way, cookieHeader);
  return false;
}

function haveSameSession(one: string, other: string, name: string): boolean {
  if (one === other) return true;
  const [values, others] = [one, other].map((header) => findCookies(header, name).values);
  return JSON.stringify(values) === JSON.stringify(others);
}
