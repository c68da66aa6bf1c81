import type { Digest } from "../crypto/digest.ts";

/** The formats in which a session's cookie can be written. */
export type Format = "signed" | "sealed" | "flask" | "starlette";

/** A format with settings of its own. */
export interface FormatOptions<Name extends string> {
  readonly format: Name;
  /**
   * Its own secret or secrets, the newest first.
   *
   * @default the session's secrets
   */
  readonly secret?: string | readonly string[] | undefined;
  /**
   * For `"flask"`: the session interface's `digest_method`.
   *
   * @default "SHA-1", as in Flask
   */
  readonly digest?: Digest | undefined;
}

/** What other application reads this format: it has the last word on its layout. */
export function peerOf(format: FormatSettings["format"]): "Flask" | "Starlette" | undefined {
  if (format === "flask") return "Flask";
  return format === "starlette" ? "Starlette" : undefined;
}

/** A format with its options checked. */
export interface FormatSettings {
  readonly format: Format | "iron-session";
  readonly secrets: readonly string[];
  readonly digest: Digest;
}
