import type { Digest } from "#primitives";
import { SessionError, SessionStoreError } from "../errors/errors.ts";
import type { StoredSession, StoredSessionOptions } from "../homes/stored-session.ts";
import type { Lifetime } from "../session/lifetime.ts";
import type { OpenStore, SessionStore } from "../store/store.ts";
import type { Codec } from "./codec.ts";
import { signedCodec } from "./signed.ts";

/** What a session's cookie can be written as. */
export type Format = "signed" | "sealed" | "flask";

/** A format with its settings, where the name alone does not do. */
export interface FormatOptions<Name extends string> {
  readonly format: Name;
  /** Its own secret or secrets, the newest first. Default: those of the session. */
  readonly secret?: string | readonly string[];
  /** For `"flask"`: the session interface's `digest_method`. Default: `"SHA-1"`, as Flask's. */
  readonly digest?: Digest;
}

/** Sessions that a server-side store keeps. */
export interface StoredOptions {
  readonly format: "stored";
  readonly store: SessionStore | OpenStore;
  /** Their own secret or secrets, the newest first. Default: those of the session. */
  readonly secret?: string | readonly string[];
}

/** A format as the settings name it. */
export interface FormatSettings {
  readonly format: Format | "iron-session";
  readonly secrets: readonly string[];
  readonly digest: Digest;
}

export interface StoreSettings {
  readonly format: "stored";
  readonly backend: SessionStore | OpenStore;
  readonly secrets: readonly string[];
  /** Milliseconds. */
  readonly timeout: number;
}

export interface CodecContext {
  readonly name: string;
  readonly lifetime: Lifetime;
  /** Unix time in seconds. */
  now(): number;
}

export type Reader = Pick<Codec, "decode">;

export interface StoredFormat {
  readonly codec: Codec;
  session(options: Omit<StoredSessionOptions, "codec">): StoredSession;
}

/** All but the everyday format are loaded when they are used: most apps never need their code. */
export async function loadReader(
  settings: FormatSettings | StoreSettings,
  context: CodecContext,
): Promise<Reader> {
  if (settings.format === "stored") return (await loadStored(settings, context)).codec;
  if (settings.format !== "iron-session") return loadCodec(settings, context);
  const { ironSessionCodec } = await import("./iron-session.ts");
  const { permanentLifetime } = context.lifetime;
  return ironSessionCodec({ ...context, permanentLifetime, secrets: settings.secrets });
}

export async function loadStored(
  { backend, secrets, timeout }: StoreSettings,
  { name, lifetime }: CodecContext,
): Promise<StoredFormat> {
  const [{ StoredCodec }, { StoredSession }, { RecordStore }, { withoutKeyv }, given] =
    await Promise.all([
      import("../homes/stored-codec.ts"),
      import("../homes/stored-session.ts"),
      import("../store/store.ts"),
      import("../store/keyv.ts"),
      typeof backend === "function" ? opened(backend) : backend,
    ]);
  const store = new RecordStore(withoutKeyv(given), timeout);
  const codec = new StoredCodec({ name, secrets, store, lifetime });
  return { codec, session: (options) => new StoredSession({ codec, ...options }) };
}

async function opened(open: OpenStore): Promise<SessionStore> {
  try {
    return await open();
  } catch (cause) {
    if (cause instanceof SessionError) throw cause;
    throw new SessionStoreError(
      "ERR_SESSION_STORE",
      "The session store could not be opened; what the function in the option `store` threw is the cause of this error. It is tried anew at the next request.",
      { cause },
    );
  }
}

export async function loadCodec(
  { format, secrets, digest }: FormatSettings,
  { name }: CodecContext,
): Promise<Codec> {
  switch (format) {
    case "sealed": {
      const { sealedCodec } = await import("./sealed.ts");
      return sealedCodec(name, secrets);
    }
    case "flask": {
      const { flaskCodec } = await import("./flask/flask.ts");
      return flaskCodec(secrets, digest);
    }
    default:
      return signedCodec(name, secrets);
  }
}
