import type { Origin } from "./cookie-jar.ts";

/** Reads one header of a request, of any kind. */
export type ReadHeader = (name: string) => string | null | undefined;

/** What a TLS-terminating proxy says the browser addressed, else what the request itself says. */
export function originOf(header: ReadHeader, own: Partial<Origin>): Origin | undefined {
  const host = header("x-forwarded-host") ?? header("host") ?? own.host;
  const protocol = header("x-forwarded-proto") ?? own.protocol ?? "http";
  return host ? { protocol, host } : undefined;
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
