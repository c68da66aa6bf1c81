import { SessionSecretError } from "../errors/errors.ts";
import { environmentFallbacks, environmentSecret } from "../runtime/environment.ts";

const MIN_SECRET_CHARACTERS = 32;

/** Examples from our documentation and from iron-session's. Somebody deploys them. */
const PUBLISHED_SECRETS = new Set([
  "replace-this-with-a-secret-of-your-own-at-least-32-characters-long",
  "complex_password_at_least_32_characters_long",
]);

/** The given secrets, or those of the environment. The first one signs, and all of them verify. */
export function checkedSecrets(given: string | readonly string[] | undefined): readonly string[] {
  const secrets = given === undefined ? secretsFromEnvironment() : [given].flat();
  if (secrets.length === 0 || secrets[0] === "") {
    throw new SessionSecretError(
      "ERR_SESSION_SECRET_MISSING",
      "There is no session secret. Set SESSION_SECRET in the environment (in Next.js: in .env.local), or the option `secret`, to at least 32 random characters: `npx next-signed-session secret` prints one.",
    );
  }
  for (const [index, secret] of secrets.entries()) {
    const which =
      secrets.length === 1 ? "The session secret" : `Session secret number ${index + 1}`;
    if (typeof secret !== "string" || secret.length < MIN_SECRET_CHARACTERS) {
      const found =
        typeof secret === "string" ? `has ${secret.length} characters` : `is a ${typeof secret}`;
      throw new SessionSecretError(
        "ERR_SESSION_SECRET_TOO_SHORT",
        `${which} ${found}; it must be a string of at least ${MIN_SECRET_CHARACTERS}, so that nobody can guess it. \`npx next-signed-session secret\` prints a good one.`,
      );
    }
    if (PUBLISHED_SECRETS.has(secret)) {
      throw new SessionSecretError(
        "ERR_SESSION_SECRET_PUBLISHED",
        `${which} is the example from the documentation, which everybody can read. \`npx next-signed-session secret\` prints one of your own.`,
      );
    }
    if (secrets.indexOf(secret) !== index) {
      throw new SessionSecretError(
        "ERR_SESSION_SECRET_REPEATED",
        `${which} is the same as number ${secrets.indexOf(secret) + 1}. List each secret once, the newest first.`,
      );
    }
  }
  return secrets;
}

function secretsFromEnvironment(): string[] {
  const current = environmentSecret() ?? "";
  const fallbacks = environmentFallbacks() ?? "";
  return [
    current,
    ...fallbacks
      .split(",")
      .map((secret) => secret.trim())
      .filter(Boolean),
  ];
}
