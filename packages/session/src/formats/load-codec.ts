import type { Codec } from "./codec.ts";
import type { FormatSettings } from "./format.ts";
import { signedCodec } from "./signed.ts";

export interface CodecContext {
  /** The cookie's name. A value signed for one name is refused under another. */
  readonly name: string;
  /** Seconds. */
  readonly idleTimeout: number;
  /** Unix time in seconds. */
  now(): number;
}

/** Loads every format but the default when it is used, because most apps never need its code. */
export async function loadCodec(
  { format, secrets, digest }: FormatSettings,
  { name, idleTimeout }: CodecContext,
): Promise<Codec> {
  switch (format) {
    case "sealed": {
      const { sealedCodec } = await import("./sealed.ts");
      return sealedCodec(name, secrets);
    }
    case "flask": {
      const { flaskCodec } = await import("./flask/flask.ts");
      return flaskCodec(secrets, { digest, backdating: backdatingFor(idleTimeout) });
    }
    case "starlette": {
      const { starletteCodec } = await import("./starlette.ts");
      return starletteCodec(secrets, { backdating: backdatingFor(idleTimeout) });
    }
    default:
      return signedCodec(name, secrets);
  }
}

/** For the formats in `accept`. iron-session's can be read and is never written. */
export async function loadDecoder(
  settings: FormatSettings,
  context: CodecContext,
): Promise<Pick<Codec, "decode">> {
  if (settings.format !== "iron-session") return loadCodec(settings, context);
  const { ironSessionCodec } = await import("./iron-session.ts");
  return ironSessionCodec({ ...context, secrets: settings.secrets });
}

/**
 * itsdangerous refuses a signature that is a second in its future, and has no tolerance to set. A
 * visitor would be logged out by an application whose clock is a little late. A short lifetime loses
 * no more than a hundredth to this.
 */
function backdatingFor(idleTimeout: number): number {
  return Math.min(MAX_BACKDATING, Math.floor(idleTimeout / 100));
}

/** Seconds. */
const MAX_BACKDATING = 5;
