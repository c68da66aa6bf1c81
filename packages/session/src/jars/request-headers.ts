import type { Origin } from "./cookie-jar.ts";

/** Reads one header of a request, of any kind. */
export type ReadHeader = (name: string) => string | null | undefined;

/** What a TLS-terminating proxy says the browser addressed, else what the request itself says. */
export function originOf(header: ReadHeader, own: Partial<Origin>): Origin | undefined {
  const host = first(header("x-forwarded-host")) ?? header("host") ?? own.host;
  const protocol = first(header("x-forwarded-proto"))?.toLowerCase() ?? own.protocol ?? "http";
  return host !== undefined && HOST.test(host) ? { protocol, host } : undefined;
}

/** What a browser can address. Any program can send other text, which must not reach a log. */
const HOST = /^([\w.-]{1,253}|\[[\da-f:.]{2,45}\])(:\d{1,5})?$/i;

/** Each proxy appends to the list: the first entry is of the one that the browser addressed. */
function first(list: string | null | undefined): string | undefined {
  return list?.split(",", 1)[0]?.trim();
}

/**
 * Is this an action called by script? Next answers it with the page, redirected or not. An action
 * called by a plain form has no such header: the browser follows its redirect.
 */
export function isActionByScript(header: ReadHeader): boolean {
  return header("next-action") != null;
}

/** Is this the page that an action redirected to, which Next requests from itself? */
export function isActionRedirect(header: ReadHeader): boolean {
  return header("x-action-redirect") != null;
}
