import type { SessionOptions } from "./options.ts";
import { environmentSecrets, problemWith } from "./secrets.ts";
import { defaultSettings, type Settings } from "./settings.ts";

/**
 * An app without options needs no code that checks them, unless its secret cannot be used: then the checks
 * say why.
 *
 * @throws SessionOptionError (`ERR_SESSION_OPTION`)
 * @throws SessionSecretError
 */
export async function loadSettings(options: SessionOptions | undefined): Promise<Settings> {
  if (options === undefined) {
    const secrets = environmentSecrets();
    const areGood = secrets.every((secret, index) => !problemWith(secret, secrets.slice(0, index)));
    if (areGood) return defaultSettings(secrets);
  }
  const { checkOptions } = await import("./check-options.ts");
  return checkOptions(options);
}
