import { SessionSecretError } from "../errors/errors.ts";
import { environmentFallbacks, environmentSecret } from "../runtime/environment.ts";

const MIN_CHARACTERS = 32;

/** 32 random hexadecimal digits have 14 different ones on average, and less than eight once in 10^7. */
const MIN_DIFFERENT_CHARACTERS = 8;

/** How examples begin in documentations: ours, iron-session, Better Auth, Supabase, @fastify/session. */
const PUBLISHED =
  /^(replace-this-with|complex_password_at|better-auth-secret|super-secret-jwt|averylogphrase)/i;

interface Secret {
  readonly value: unknown;
  /** Where it was given, for a message. */
  readonly name: string;
}

/**
 * The given secrets, or those of the environment. The first one signs, and all of them verify.
 *
 * @param option The option's name, as `accept[1].secret`.
 */
export function checkedSecrets(given: unknown, option = "secret"): readonly string[] {
  const secrets = given === undefined ? secretsFromEnvironment() : secretsFromOption(given, option);
  if (secrets.length === 0 || secrets[0]?.value === "") {
    throw new SessionSecretError(
      "ERR_SESSION_SECRET_MISSING",
      `There is no session secret. Set SESSION_SECRET in the environment (in Next.js: in .env.local), or the option \`${option}\`, to at least ${MIN_CHARACTERS} random characters. ${PRINTS_ONE}`,
    );
  }
  return secrets.map((secret, index) => checked(secret, secrets.slice(0, index)));
}

function checked({ value, name }: Secret, before: readonly Secret[]): string {
  const refuse = (code: SessionSecretError["code"], problem: string, remedy = PRINTS_ONE) => {
    throw new SessionSecretError(code, `${name} ${problem}. ${remedy}`);
  };
  if (typeof value !== "string" || value.length < MIN_CHARACTERS) {
    const found =
      typeof value === "string" ? `has ${value.length} characters` : `is a ${typeof value}`;
    return refuse(
      "ERR_SESSION_SECRET_TOO_SHORT",
      `${found}; it must be a string of at least ${MIN_CHARACTERS}, so that nobody can guess it`,
    );
  }
  if (PUBLISHED.test(value.trim())) {
    return refuse("ERR_SESSION_SECRET_PUBLISHED", "is a published example");
  }
  if (isWeak(value)) {
    return refuse(
      "ERR_SESSION_SECRET_WEAK",
      "is easy to guess: it repeats itself, or has hardly any different characters",
    );
  }
  const same = before.find((other) => other.value === value);
  if (same) {
    return refuse(
      "ERR_SESSION_SECRET_REPEATED",
      `is the same as ${same.name}`,
      "List each secret once, the newest first.",
    );
  }
  return value;
}

const PRINTS_ONE = "`npx next-signed-session secret` prints a good one.";

function isWeak(secret: string): boolean {
  if (new Set(secret).size < MIN_DIFFERENT_CHARACTERS) return true;
  for (let period = 1; period <= secret.length / 2; period++) {
    if (secret.startsWith(secret.slice(period))) return true;
  }
  return false;
}

function secretsFromOption(given: unknown, option: string): Secret[] {
  return Array.isArray(given)
    ? given.map((value, index) => ({
        value,
        name: `Entry ${index + 1} of the option \`${option}\``,
      }))
    : [{ value: given, name: `The option \`${option}\`` }];
}

/** Without white space around each: a line break is easily pasted with one. */
function secretsFromEnvironment(): Secret[] {
  const current = environmentSecret() ?? "";
  const fallbacks = (environmentFallbacks() ?? "")
    .split(",")
    .map((secret) => secret.trim())
    .filter(Boolean);
  return [
    { value: current.trim(), name: "SESSION_SECRET" },
    ...fallbacks.map((value, index) => ({
      value,
      name: `Entry ${index + 1} of SESSION_SECRET_FALLBACKS`,
    })),
  ];
}
