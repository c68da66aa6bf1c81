import type { SessionSecretError } from "../errors/errors.ts";
import { environmentFallbacks, environmentSecret } from "../runtime/environment.ts";

export const MIN_CHARACTERS = 32;

/** 32 random hexadecimal digits have 14 different ones on average, and less than eight once in 10^7. */
const MIN_DIFFERENT_CHARACTERS = 8;

/** How examples begin in documentations: ours, iron-session, Better Auth, Supabase, @fastify/session. */
const PUBLISHED =
  /^(replace-this-with|complex_password_at|better-auth-secret|super-secret-jwt|averylogphrase)/i;

/** Without white space around each: a line break is easily pasted with one. */
export function environmentSecrets(): readonly [string, ...string[]] {
  const fallbacks = (environmentFallbacks() ?? "").split(",").map((secret) => secret.trim());
  return [(environmentSecret() ?? "").trim(), ...fallbacks.filter(Boolean)];
}

/** @param before The secrets that are listed before this one. */
export function problemWith(
  secret: unknown,
  before: readonly unknown[],
): SessionSecretError["code"] | undefined {
  if (typeof secret !== "string" || secret.length < MIN_CHARACTERS) {
    return secret === "" && before.length === 0
      ? "ERR_SESSION_SECRET_MISSING"
      : "ERR_SESSION_SECRET_TOO_SHORT";
  }
  if (PUBLISHED.test(secret.trim())) return "ERR_SESSION_SECRET_PUBLISHED";
  if (isWeak(secret)) return "ERR_SESSION_SECRET_WEAK";
  return before.includes(secret) ? "ERR_SESSION_SECRET_REPEATED" : undefined;
}

function isWeak(secret: string): boolean {
  if (new Set(secret).size < MIN_DIFFERENT_CHARACTERS) return true;
  for (let period = 1; period <= secret.length / 2; period++) {
    if (secret.startsWith(secret.slice(period))) return true;
  }
  return false;
}
