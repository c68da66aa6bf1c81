import type { FormatSettings } from "../formats/format.ts";
import type { StoreSettings } from "../homes/load-home.ts";
import type { StandardSchema } from "../session/schema.ts";
import { functionOr, refusal, refuseUnknown } from "./checks.ts";
import { assertCookieName, checkedAttributes, defaultCookieName } from "./cookie-settings.ts";
import { toSeconds } from "./duration.ts";
import {
  checkedChunk,
  checkedCompress,
  checkedFormat,
  READABLE_FORMATS,
  WRITABLE_FORMATS,
} from "./format-settings.ts";
import { checkedLifetime } from "./lifetime-settings.ts";
import type { SessionOptions } from "./options.ts";
import { checkedRevocation } from "./revocation-settings.ts";
import { checkedSecrets } from "./secret-checks.ts";
import { defaultSettings, type Settings } from "./settings.ts";
import { checkedAcceptedStore } from "./store-settings.ts";
import { checkedOrigins } from "./trusted-origins.ts";

const KNOWN_OPTIONS = [
  "secret",
  "name",
  "cookie",
  "idleTimeout",
  "refreshAfter",
  "absoluteTimeout",
  "format",
  "accept",
  "store",
  "storeTimeout",
  "userOf",
  "revocation",
  "chunk",
  "compress",
  "schema",
  "migrate",
  "trustedOrigins",
  "onReject",
  "clock",
];

export function checkOptions(options: SessionOptions = {}): Settings {
  refuseUnknown(options, KNOWN_OPTIONS, "");
  const secrets = checkedSecrets(options.secret);
  const defaults = defaultSettings(secrets);
  const clock = functionOr(undefined, "clock", options.clock);
  const now = clock ? () => Math.floor(clock() / 1000) : defaults.now;
  const attributes = checkedAttributes(options.cookie ?? {}, defaults.attributes);
  const givenFormat = options.format ?? defaults.format.format;
  const format = checkedFormat("format", WRITABLE_FORMATS, givenFormat, secrets);
  const name = options.name ?? defaultCookieName(attributes, format);
  assertCookieName(name, attributes);
  const storeTimeout =
    toSeconds("storeTimeout", options.storeTimeout ?? 5, { least: 1, now: now() }) * 1000;
  const lifetime = checkedLifetime(options, format, defaults.lifetime, now());
  const userOf = functionOr(undefined, "userOf", options.userOf);
  const revocation = checkedRevocation(options.revocation, userOf, now());
  const isListed = userOf !== undefined && options.store !== undefined;
  return {
    name,
    format,
    accept: checkedAccepted(options.accept ?? [], secrets, storeTimeout),
    store:
      options.store === undefined
        ? undefined
        : {
            format: "stored",
            option: "store",
            backend: options.store,
            secrets,
            timeout: storeTimeout,
          },
    attributes,
    isSecureOverHttps: options.cookie?.secure === undefined && !attributes.secure,
    lifetime,
    chunk: checkedChunk(options.chunk, format),
    compress: checkedCompress(options.compress, format, options.store),
    schema: checkedSchema(options.schema),
    migrate: functionOr(undefined, "migrate", options.migrate),
    userOf,
    revocation,
    keepsBeginning: lifetime.absoluteTimeout !== undefined || revocation !== undefined || isListed,
    trustedOrigins: checkedOrigins(options.trustedOrigins),
    onReject: functionOr(defaults.onReject, "onReject", options.onReject),
    now,
  };
}

function checkedAccepted(
  given: unknown,
  secrets: readonly string[],
  storeTimeout: number,
): (FormatSettings | StoreSettings)[] {
  if (!Array.isArray(given)) throw refusal("accept", given, "a list of formats");
  return given.map((format, index) => {
    const option = `accept[${index}]`;
    return format?.format === "stored"
      ? checkedAcceptedStore(option, format, secrets, storeTimeout)
      : checkedFormat(option, READABLE_FORMATS, format, secrets);
  });
}

function checkedSchema(given: unknown): StandardSchema | undefined {
  if (given === undefined) return undefined;
  const standard = (given as Partial<StandardSchema> | null)?.["~standard"];
  if (typeof standard?.validate !== "function") {
    throw refusal(
      "schema",
      given,
      "a schema of a library with Standard Schema: zod from 3.24, valibot from 1, arktype from 2",
    );
  }
  return given as StandardSchema;
}
