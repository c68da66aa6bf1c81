/*
 * Next has no public API for this. It is read from `globalThis`, where Next 16.4 keeps it under a key
 * with its version, and is never imported. Releases before 16.4 keep it in a module of their own: there
 * each question is answered with false or undefined, and only refusals and reports are lost.
 */

interface WorkStore {
  /** `"/cart/page"`, `"/api/cart/route"`, and `"/"` in a proxy alone. */
  readonly page?: string;
  /** `"/cart"`, or `"/shop/[id]"`. */
  readonly route?: string;
  readonly forceStatic?: boolean;
  readonly afterContext?: { readonly isRequestClosed?: boolean };
}

const PREFIX = "@next/work-async-storage@";

let storage: { getStore(): WorkStore | undefined } | undefined;

function workStore(): WorkStore | undefined {
  if (!storage) {
    const key = Object.getOwnPropertySymbols(globalThis).find((symbol) =>
      symbol.description?.startsWith(PREFIX),
    );
    if (key) storage = (globalThis as unknown as Record<symbol, typeof storage>)[key];
  }
  return storage?.getStore();
}

/**
 * A private cache is given a Proxy of the request's headers, under an identity of its own. What is in
 * them, which Next calls `headers` as well, is the same object for both.
 */
export function requestBehind(headers: object): object {
  return (headers as { headers?: object }).headers ?? headers;
}

/** One object throughout a request's proxy, and another throughout its page or handler. */
export function currentWork(): object | undefined {
  return workStore();
}

export function isForcedStatic(): boolean {
  return workStore()?.forceStatic === true;
}

export function isInProxy(): boolean {
  return workStore()?.page === "/";
}

export function isInRouteHandler(): boolean {
  return workStore()?.page?.endsWith("/route") === true;
}

export function isResponseComplete(): boolean {
  return workStore()?.afterContext?.isRequestClosed === true;
}

/** The route as its folder is named. */
export function currentRoute(): string | undefined {
  return workStore()?.route;
}
