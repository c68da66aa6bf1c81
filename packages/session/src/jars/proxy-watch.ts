import { loadNext } from "./next-api.ts";
import type { CookieSink } from "./response-jar.ts";

/** For development: a sink that detects whether the proxy returned its response. */
export function watched(sink: CookieSink, response: object): CookieSink {
  const watch = watchTaking(response);
  return {
    ...sink,
    set(cookies) {
      sink.set(cookies);
      watch.reset();
    },
    isTaken: watch.isTaken,
    async afterResponse(callback) {
      const { after } = await loadNext();
      after(callback);
    },
  };
}

/** Next reads the headers of the response that a proxy returns. User code reads those that it copies. */
function watchTaking(response: object): { isTaken(): boolean; reset(): void } {
  let isTaken = false;
  for (const part of ["headers", "cookies"]) {
    const value: unknown = Reflect.get(response, part);
    if (value === undefined) continue;
    const get = () => {
      isTaken = true;
      return value;
    };
    Object.defineProperty(response, part, { configurable: true, get });
  }
  return {
    isTaken: () => isTaken,
    reset: () => {
      isTaken = false;
    },
  };
}
