import type { CookieAttributes } from "../cookie/cookie.ts";
import { SessionOptionError, shown } from "../errors/errors.ts";
import type { FormatOptions, FormatSettings } from "../formats/format.ts";
import type { StoreSettings } from "../homes/load-home.ts";
import type { Lifetime, RejectReason } from "../session/lifetime.ts";
import type { StandardSchema } from "../session/schema.ts";
import type { SessionStore } from "../store/store.ts";
import { toSeconds } from "./duration.ts";
import type { CookieOptions, SessionOptions, StoredOptions } from "./options.ts";
import { readSecrets } from "./secrets.ts";

/** The options with their defaults, checked. */
export interface Settings {
  readonly name: string;
  readonly format: FormatSettings;
  readonly accept: readonly (FormatSettings | StoreSettings)[];
  readonly store: StoreSettings | undefined;
  readonly attributes: CookieAttributes;
  readonly lifetime: Lifetime;
  readonly chunk: boolean;
  readonly compress: boolean;
  readonly schema: StandardSchema | undefined;
  readonly migrate: SessionOptions["migrate"];
  readonly onReject: (reason: RejectReason) => unknown;
  /** Unix time in seconds. */
  readonly now: () => number;
}

const WRITABLE_FORMATS = ["signed", "sealed", "flask"] as const;
const READABLE_FORMATS = [...WRITABLE_FORMATS, "iron-session"] as const;
const DIGESTS = ["SHA-1", "SHA-256", "SHA-384", "SHA-512"] as const;

const KNOWN_OPTIONS = [
  "secret",
  "name",
  "cookie",
  "permanentLifetime",
  "refreshAfter",
  "absoluteLifetime",
  "format",
  "accept",
  "store",
  "storeTimeout",
  "chunk",
  "compress",
  "schema",
  "migrate",
  "onReject",
  "clock",
];
const KNOWN_ATTRIBUTES = [
  "path",
  "domain",
  "sameSite",
  "secure",
  "httpOnly",
  "partitioned",
  "priority",
];

/**
 * @throws SessionSecretError
 * @throws SessionOptionError
 */
export function readOptions(options: SessionOptions = {}): Settings {
  refuseUnknown(options, KNOWN_OPTIONS, "");
  const clock = functionOr(Date.now, "clock", options.clock);
  const now = () => Math.floor(clock() / 1000);
  const name = options.name ?? "session";
  const attributes = readAttributes(options.cookie ?? {});
  checkName(name, attributes);
  const secrets = readSecrets(options.secret);
  const format = readFormat("format", WRITABLE_FORMATS, options.format ?? "signed", secrets);
  const storeTimeout =
    toSeconds("storeTimeout", options.storeTimeout ?? 5, { least: 1, now: now() }) * 1000;
  return {
    name,
    format,
    accept: readAccepted(options.accept ?? [], secrets, storeTimeout),
    store:
      options.store === undefined
        ? undefined
        : readStore("store", options.store, secrets, storeTimeout),
    attributes,
    lifetime: readLifetime(options, now()),
    chunk: readChunk(options.chunk, format),
    compress: readCompress(options.compress, format, options.store),
    schema: readSchema(options.schema),
    migrate: functionOr(undefined, "migrate", options.migrate),
    onReject: functionOr(reportInDevelopment, "onReject", options.onReject),
    now,
  };
}

function readAccepted(
  given: unknown,
  secrets: readonly string[],
  storeTimeout: number,
): (FormatSettings | StoreSettings)[] {
  if (!Array.isArray(given)) throw refusal("accept", given, "a list of formats");
  return given.map((format) => {
    if (format?.format !== "stored") {
      return readFormat("accept", READABLE_FORMATS, format, secrets);
    }
    refuseUnknown(format, ["format", "secret", "store"], "accept.");
    const { secret, store } = format as StoredOptions;
    const own = secret === undefined ? secrets : readSecrets(secret);
    return readStore("accept.store", store, own, storeTimeout);
  });
}

function checkedStore(option: string, store: unknown): SessionStore {
  const given = (store ?? {}) as Record<string, unknown>;
  for (const method of ["get", "set", "delete"]) {
    if (typeof given[method] === "function") continue;
    // Not shown: a store can hold its password.
    throw new SessionOptionError(
      "ERR_SESSION_OPTION",
      `The session option \`${option}\` has no method ${method}(). Give a Keyv, a KeyvRedis, what sqliteStore() returns, an object with get(key), set(key, value, ttl) and delete(key), or a function that gives one of these.`,
    );
  }
  return store as SessionStore;
}

function readStore(
  option: string,
  store: unknown,
  secrets: readonly string[],
  timeout: number,
): StoreSettings {
  const backend =
    typeof store === "function"
      ? async () => checkedStore(option, await store())
      : checkedStore(option, store);
  return { format: "stored", backend, secrets, timeout };
}

function readFormat(
  option: string,
  allowed: readonly FormatSettings["format"][],
  given: unknown,
  secrets: readonly string[],
): FormatSettings {
  if (typeof given === "string") {
    return { format: oneOf(allowed, option, given), secrets, digest: "SHA-1" };
  }
  refuseUnknown(given, ["format", "secret", "digest"], `${option}.`);
  const { format, secret, digest } = given as FormatOptions<string>;
  return {
    format: oneOf(allowed, `${option}.format`, format),
    secrets: secret === undefined ? secrets : readSecrets(secret),
    digest: oneOf(DIGESTS, `${option}.digest`, digest ?? "SHA-1"),
  };
}

function readChunk(given: unknown, { format }: FormatSettings): boolean {
  const chunk = booleanOr(false, "chunk", given);
  if (chunk && format === "flask") {
    throw refusal(
      "chunk",
      true,
      'false beside `format: "flask"`, since Flask reads one cookie only',
    );
  }
  return chunk;
}

function readCompress(given: unknown, { format }: FormatSettings, store: unknown): boolean {
  const compress = booleanOr(false, "compress", given);
  if (compress && store !== undefined) {
    throw refusal("compress", true, "false beside a `store`, whose cookie holds an id and no data");
  }
  if (compress && format === "flask") {
    throw refusal(
      "compress",
      true,
      'false beside `format: "flask"`, which compresses as Flask does',
    );
  }
  return compress;
}

function readLifetime(options: SessionOptions, now: number): Lifetime {
  const permanentLifetime = toSeconds(
    "permanentLifetime",
    options.permanentLifetime ?? { days: 31 },
    { least: 1, now },
  );
  const refreshAfter = toSeconds(
    "refreshAfter",
    options.refreshAfter ?? Math.min(86_400, permanentLifetime / 2),
    { least: 0, now },
  );
  if (refreshAfter > permanentLifetime) {
    throw refusal(
      "refreshAfter",
      options.refreshAfter,
      `at most \`permanentLifetime\` (${permanentLifetime} seconds), or every session would end before its refresh`,
    );
  }
  const absoluteLifetime =
    options.absoluteLifetime === undefined
      ? undefined
      : toSeconds("absoluteLifetime", options.absoluteLifetime, { least: 1, now });
  return { permanentLifetime, refreshAfter, absoluteLifetime };
}

function readSchema(given: unknown): StandardSchema | undefined {
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

function readAttributes(given: CookieOptions): CookieAttributes {
  refuseUnknown(given, KNOWN_ATTRIBUTES, "cookie.");
  const attributes: CookieAttributes = {
    path: given.path ?? "/",
    domain: given.domain,
    httpOnly: booleanOr(true, "cookie.httpOnly", given.httpOnly),
    secure: booleanOr(process.env.NODE_ENV === "production", "cookie.secure", given.secure),
    sameSite: oneOf(["lax", "strict", "none"], "cookie.sameSite", given.sameSite ?? "lax"),
    partitioned: booleanOr(false, "cookie.partitioned", given.partitioned),
    priority:
      given.priority === undefined
        ? undefined
        : oneOf(["low", "medium", "high"], "cookie.priority", given.priority),
  };
  // RFC 6265, 4.1.1: a path is any character except controls and `;`.
  if (typeof attributes.path !== "string" || !/^\/[\x20-\x3a\x3c-\x7e]*$/.test(attributes.path)) {
    throw refusal("cookie.path", given.path, 'a path that begins with "/" and has no ";"');
  }
  if (attributes.domain !== undefined && !isDomain(attributes.domain)) {
    throw refusal("cookie.domain", given.domain, 'a host name such as "example.com"');
  }
  if (attributes.sameSite === "none" && !attributes.secure) {
    throw refusal(
      "cookie.sameSite",
      "none",
      "`secure: true` beside it, or browsers drop the cookie",
    );
  }
  if (attributes.partitioned && !attributes.secure) {
    throw refusal(
      "cookie.partitioned",
      true,
      "`secure: true` beside it, or browsers drop the cookie",
    );
  }
  return attributes;
}

function checkName(name: unknown, { secure, domain, path }: CookieAttributes): void {
  // RFC 9110, 5.6.2: a cookie's name is a token.
  if (typeof name !== "string" || !/^[\w!#$%&'*.^`|~+-]+$/.test(name)) {
    throw refusal("name", name, "letters, digits and any of !#$%&'*.^_`|~+- without spaces");
  }
  // RFC 6265bis, 4.1.3; browsers compare the prefixes without regard to case.
  const prefix = /^__(secure|host)-/i.exec(name)?.[1]?.toLowerCase();
  if (prefix && !secure) {
    throw refusal(
      "name",
      name,
      "`cookie: { secure: true }` with that prefix, or browsers drop the cookie",
    );
  }
  if (prefix === "host" && (domain !== undefined || path !== "/")) {
    throw refusal(
      "name",
      name,
      'no `cookie.domain` and the path "/" with the prefix __Host-, or browsers drop the cookie',
    );
  }
}

function isDomain(domain: unknown): boolean {
  const label = "[a-z0-9]([a-z0-9-]*[a-z0-9])?";
  return typeof domain === "string" && new RegExp(`^\\.?${label}(\\.${label})*$`, "i").test(domain);
}

function refuseUnknown(given: unknown, known: readonly string[], prefix: string): void {
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw refusal(
      prefix.slice(0, -1) || "options",
      given,
      `an object with any of ${known.join(", ")}`,
    );
  }
  for (const key of Object.keys(given)) {
    if (known.includes(key)) continue;
    throw new SessionOptionError(
      "ERR_SESSION_OPTION",
      `There is no session option \`${prefix}${key}\`. Allowed: ${known.join(", ")}.`,
    );
  }
}

function booleanOr(otherwise: boolean, option: string, given: unknown): boolean {
  if (given === undefined) return otherwise;
  if (typeof given !== "boolean") throw refusal(option, given, "true or false");
  return given;
}

function functionOr<F extends ((...input: never[]) => unknown) | undefined>(
  otherwise: F,
  option: string,
  given: F | undefined,
): F {
  if (given === undefined) return otherwise;
  if (typeof given !== "function") throw refusal(option, given, "a function");
  return given;
}

function oneOf<const Value extends string>(
  allowed: readonly Value[],
  option: string,
  given: unknown,
): Value {
  if (!allowed.includes(given as Value)) {
    throw refusal(option, given, allowed.map((value) => JSON.stringify(value)).join(", "));
  }
  return given as Value;
}

function refusal(option: string, given: unknown, allowed: string): SessionOptionError {
  return new SessionOptionError(
    "ERR_SESSION_OPTION",
    `The session option \`${option}\` cannot be ${shown(given)}. Allowed: ${allowed}.`,
  );
}

function reportInDevelopment(reason: RejectReason): void {
  if (process.env.NODE_ENV === "development") {
    console.warn(
      `[next-signed-session] A session cookie was refused (${reason}) and reads as empty.`,
    );
  }
}
