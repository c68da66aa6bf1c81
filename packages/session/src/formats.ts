import type { Digest } from "#primitives";
import { signedCodec } from "./codec.signed.ts";
import type { Codec } from "./codec.ts";

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

/** A format as the settings name it. */
export interface FormatSettings {
  readonly format: Format | "iron-session";
  readonly secrets: readonly string[];
  readonly digest: Digest;
}

export interface CodecContext {
  readonly name: string;
  /** Seconds. */
  readonly permanentLifetime: number;
  /** Unix time in seconds. */
  now(): number;
}

export type Reader = Pick<Codec, "decode">;

/** All but the everyday format are loaded when they are used: most apps never need their code. */
export async function loadReader(settings: FormatSettings, context: CodecContext): Promise<Reader> {
  if (settings.format !== "iron-session") return loadCodec(settings, context);
  const { ironSessionCodec } = await import("./codec.iron-session.ts");
  return ironSessionCodec({ ...context, secrets: settings.secrets });
}

export async function loadCodec(
  { format, secrets, digest }: FormatSettings,
  { name }: CodecContext,
): Promise<Codec> {
  switch (format) {
    case "sealed": {
      const { sealedCodec } = await import("./codec.sealed.ts");
      return sealedCodec(name, secrets);
    }
    case "flask": {
      const { flaskCodec } = await import("./codec.flask.ts");
      return flaskCodec(secrets, digest);
    }
    default:
      return signedCodec(name, secrets);
  }
}
