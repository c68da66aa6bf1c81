import { base64UrlToText } from "#primitives";
import { decodeTimestamp } from "../crypto/signer.ts";
import type { Codec, Payload } from "./codec.ts";
import { flaskCodec } from "./flask/flask.ts";
import type { FormatSettings } from "./format.ts";
import { ironSessionCodec } from "./iron-session.ts";
import { sealedCodec } from "./sealed.ts";
import { signedCodec } from "./signed.ts";
import { starletteCodec } from "./starlette.ts";
import { textOfPart } from "./token-part.ts";

/** What a cookie's value reveals, with or without the secrets. */
export interface Inspection {
  readonly format: FormatSettings["format"] | "jwt" | undefined;
  /** The index of the secret that verified it. Absent if none did. */
  readonly secretIndex?: number;
  /** Absent if it is encrypted or cannot be read. */
  readonly payload?: Payload | undefined;
  /** Unix time in seconds. */
  readonly issuedAt?: number | undefined;
}

export async function inspectCookie(
  value: string,
  name: string,
  secrets: readonly string[],
): Promise<Inspection> {
  const signed = signedCodec(name, secrets);
  // The lifetime affects only the issue time of an iron-session cookie, which is not shown.
  const now = () => Math.floor(Date.now() / 1000);
  const readers = {
    signed,
    flask: flaskCodec(secrets, { digest: flaskDigestOf(value) }),
    starlette: starletteCodec(secrets),
    sealed: sealedCodec(name, secrets),
    "iron-session": ironSessionCodec({ secrets, idleTimeout: 0, now }),
  } as const;

  for (const format of ["signed", "flask", "starlette", "sealed", "iron-session"] as const) {
    const decoded = await readers[format].decode(value);
    if (decoded.ok) {
      const { secretIndex, payload } = decoded;
      const issuedAt = format === "iron-session" ? undefined : decoded.issuedAt;
      return { format, secretIndex, payload, issuedAt };
    }
  }
  if (/^Fe26\.2\*/.test(value)) return { format: /~\d+$/.test(value) ? "iron-session" : "sealed" };
  return inspectUnverified(value, signed);
}

/** What the layout alone shows. */
async function inspectUnverified(value: string, signed: Codec): Promise<Inspection> {
  if (isJwt(value)) return { format: "jwt" };
  const layout = /^(\.?[\w+/=-]+)\.([\w-]*)\.([\w-]+)$/.exec(value);
  if (!layout) return { format: undefined };
  const [, part = "", timestamp = "", signature = ""] = layout;
  const issuedAt = decodeTimestamp(timestamp);
  const text = await Promise.resolve(textOfPart(part)).catch(() => "");
  if (signature.length === SHA_256_LENGTH) {
    return { format: "signed", payload: parsed(text, signed), issuedAt };
  }
  // Only Starlette leaves the spaces in that `json.dumps` puts between key and value.
  const isStarlette = /^\{"([^"\\]|\\.)*": /.test(text);
  const [format, codec] = isStarlette
    ? (["starlette", starletteCodec([])] as const)
    : (["flask", flaskCodec([])] as const);
  return { format, payload: parsed(text, codec), issuedAt };
}

/** RFC 7515, 7516: three or five parts, whose first one is a header that names its algorithm. */
function isJwt(value: string): boolean {
  if (!/^[\w-]+(\.[\w-]*){2}((\.[\w-]*){2})?$/.test(value)) return false;
  try {
    const header: unknown = JSON.parse(base64UrlToText(value.split(".", 1)[0] as string));
    return typeof header === "object" && header !== null && "alg" in header;
  } catch {
    return false;
  }
}

const SHA_256_LENGTH = 43;

/** The digest that makes a signature of this length, in base64url. */
function flaskDigestOf(value: string) {
  const length = value.length - value.lastIndexOf(".") - 1;
  return ({ 43: "SHA-256", 64: "SHA-384", 86: "SHA-512" } as const)[length] ?? "SHA-1";
}

function parsed(text: string, { parse }: Codec): Payload | undefined {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}
