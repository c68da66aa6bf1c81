import { SessionSecretError } from "../errors/errors.ts";
import { environmentSecrets, MIN_CHARACTERS, problemWith } from "./secrets.ts";

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
  if (secrets.length === 0) throw missing(option);
  return secrets.map((secret, index) => checked(secret, secrets.slice(0, index), option));
}

function checked({ value, name }: Secret, before: readonly Secret[], option: string): string {
  const values = before.map((secret) => secret.value);
  const code = problemWith(value, values);
  const refusal = (problem: string, remedy = PRINTS_ONE) =>
    new SessionSecretError(code as SessionSecretError["code"], `${name} ${problem}. ${remedy}`);
  switch (code) {
    case undefined:
      return value as string;
    case "ERR_SESSION_SECRET_MISSING":
      throw missing(option);
    case "ERR_SESSION_SECRET_TOO_SHORT": {
      const found =
        typeof value === "string" ? `has ${value.length} characters` : `is a ${typeof value}`;
      throw refusal(
        `${found}; it must be a string of at least ${MIN_CHARACTERS}, so that nobody can guess it`,
      );
    }
    case "ERR_SESSION_SECRET_PUBLISHED":
      throw refusal("is a published example");
    case "ERR_SESSION_SECRET_WEAK":
      throw refusal("is easy to guess: it repeats itself, or has hardly any different characters");
    case "ERR_SESSION_SECRET_REPEATED":
      throw refusal(
        `is the same as ${before[values.indexOf(value)]?.name}`,
        "List each secret once, the newest first.",
      );
  }
}

function missing(option: string): SessionSecretError {
  return new SessionSecretError(
    "ERR_SESSION_SECRET_MISSING",
    `There is no session secret. Set SESSION_SECRET in the environment (in Next.js: in .env.local), or the option \`${option}\`, to at least ${MIN_CHARACTERS} random characters. ${PRINTS_ONE}`,
  );
}

const PRINTS_ONE = "`npx next-signed-session secret` prints a good one.";

function secretsFromOption(given: unknown, option: string): Secret[] {
  return Array.isArray(given)
    ? given.map((value, index) => ({
        value,
        name: `Entry ${index + 1} of the option \`${option}\``,
      }))
    : [{ value: given, name: `The option \`${option}\`` }];
}

function secretsFromEnvironment(): Secret[] {
  return environmentSecrets().map((value, index) => ({
    value,
    name: index === 0 ? "SESSION_SECRET" : `Entry ${index} of SESSION_SECRET_FALLBACKS`,
  }));
}
