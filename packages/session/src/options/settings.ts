import type { CookieAttributes } from "../cookie/cookie.ts";
import type { FormatSettings } from "../formats/format.ts";
import type { StoreSettings } from "../homes/load-home.ts";
import type { UserOf } from "../homes/user-groups.ts";
import { isDevelopment } from "../runtime/environment.ts";
import type { Lifetime, RejectReason } from "../session/lifetime.ts";
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
import { checkedRevocation, type RevocationSettings } from "./revocation-settings.ts";
import { checkedSecrets } from "./secrets.ts";
import { checkedAcceptedStore } from "./store-settings.ts";
import { checkedOrigins } from "./trusted-origins.ts";

/** The checked options with their defaults. */
export interface Settings {
  readonly name: string;
  readonly format: FormatSettings;
  readonly accept: readonly (FormatSettings | StoreSettings)[];
  readonly store: StoreSettings | undefined;
  readonly attributes: CookieAttributes;
  /** Does a request that came over https make the cookie Secure, whatever the attributes say? */
  readonly isSecureOverHttps: boolean;
  readonly lifetime: Lifetime;
  readonly chunk: boolean;
  readonly compress: boolean;
  readonly schema: StandardSchema | undefined;
  readonly migrate: SessionOptions["migrate"];
  readonly userOf: UserOf | undefined;
  readonly revocation: RevocationSettings | undefined;
  /** Does a session remember when it began? */
  readonly keepsBeginning: boolean;
  readonly trustedOrigins: readonly string[] | undefined;
  readonly onReject: (reason: RejectReason) => unknown;
  /** Unix time in seconds. */
  readonly now: () => number;
}

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
  const clock = functionOr(Date.now, "clock", options.clock);
  const now = () => Math.floor(clock() / 1000);
  const attributes = checkedAttributes(options.cookie ?? {});
  const secrets = checkedSecrets(options.secret);
  const format = checkedFormat("format", WRITABLE_FORMATS, options.format ?? "signed", secrets);
  const name = options.name ?? defaultCookieName(attributes, format);
  assertCookieName(name, attributes);
  const storeTimeout =
    toSeconds("storeTimeout", options.storeTimeout ?? 5, { least: 1, now: now() }) * 1000;
  const lifetime = checkedLifetime(options, format, now());
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
    onReject: functionOr(reportInDevelopment, "onReject", options.onReject),
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

function reportInDevelopment(reason: RejectReason): void {
  if (isDevelopment()) {
    console.warn(`[next-signed-session] A session cookie was refused (${reason}).`);
  }
}
