import type { CookieAttributes } from "../cookie/cookie.ts";
import type { FormatSettings } from "../formats/format.ts";
import type { StoreSettings } from "../homes/load-home.ts";
import type { UserOf } from "../homes/user-groups.ts";
import { isDevelopment, isProduction } from "../runtime/environment.ts";
import type { Lifetime, RejectReason } from "../session/lifetime.ts";
import type { StandardSchema } from "../session/schema.ts";
import type { SessionOptions } from "./options.ts";
import type { RevocationSettings } from "./revocation-settings.ts";

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

const DAY = 86_400;

/** The settings of an app that gives no options but its secrets. */
export function defaultSettings(secrets: readonly string[]): Settings {
  const secure = isProduction();
  return {
    name: secure ? "__Host-session" : "session",
    format: { format: "signed", secrets, digest: "SHA-1" },
    accept: [],
    store: undefined,
    attributes: {
      path: "/",
      domain: undefined,
      httpOnly: true,
      secure,
      sameSite: "lax",
      partitioned: false,
      priority: undefined,
    },
    isSecureOverHttps: !secure,
    lifetime: {
      idleTimeout: 31 * DAY,
      refreshAfter: DAY,
      refreshesAll: true,
      absoluteTimeout: undefined,
    },
    chunk: false,
    compress: false,
    schema: undefined,
    migrate: undefined,
    userOf: undefined,
    revocation: undefined,
    keepsBeginning: false,
    trustedOrigins: undefined,
    onReject: reportInDevelopment,
    now: () => Math.floor(Date.now() / 1000),
  };
}

function reportInDevelopment(reason: RejectReason): void {
  if (isDevelopment()) {
    console.warn(`[next-signed-session] A session cookie was refused (${reason}).`);
  }
}
