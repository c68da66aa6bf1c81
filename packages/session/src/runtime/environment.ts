// Runtimes such as workerd may have no `process`. Each variable is written out, because bundlers replace
// only a literal `process.env.NAME`.
const hasProcess = typeof process !== "undefined";

export const isDevelopment = () => hasProcess && process.env.NODE_ENV === "development";
export const isProduction = () => hasProcess && process.env.NODE_ENV === "production";

export const environmentSecret = () => (hasProcess ? process.env.SESSION_SECRET : undefined);
export const environmentFallbacks = () =>
  hasProcess ? process.env.SESSION_SECRET_FALLBACKS : undefined;

/** Where `next start` listens. */
export const nextOrigin = () => (hasProcess ? process.env.__NEXT_PRIVATE_ORIGIN : undefined);
