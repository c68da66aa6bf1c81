import { type FormatOptions, type FormatSettings, peerOf } from "../formats/format.ts";
import { booleanOr, oneOf, refusal, refuseUnknown } from "./checks.ts";
import { checkedSecrets } from "./secret-checks.ts";

export const WRITABLE_FORMATS = ["signed", "sealed", "flask", "starlette"] as const;

export const READABLE_FORMATS = [...WRITABLE_FORMATS, "iron-session"] as const;

const DIGESTS = ["SHA-1", "SHA-256", "SHA-384", "SHA-512"] as const;

export function checkedFormat(
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
    secrets: secret === undefined ? secrets : checkedSecrets(secret, `${option}.secret`),
    digest: oneOf(DIGESTS, `${option}.digest`, digest ?? "SHA-1"),
  };
}

export function checkedChunk(given: unknown, { format }: FormatSettings): boolean {
  const chunk = booleanOr(false, "chunk", given);
  const peer = peerOf(format);
  if (chunk && peer) {
    throw refusal(
      "chunk",
      true,
      `false beside \`format: "${format}"\`, since ${peer} reads one cookie only`,
    );
  }
  return chunk;
}

export function checkedCompress(
  given: unknown,
  { format }: FormatSettings,
  store: unknown,
): boolean {
  const compress = booleanOr(false, "compress", given);
  if (compress && store !== undefined) {
    throw refusal("compress", true, "false beside a `store`, whose cookie holds an id and no data");
  }
  const peer = peerOf(format);
  if (compress && peer) {
    throw refusal(
      "compress",
      true,
      `false beside \`format: "${format}"\`, which compresses as ${peer} does`,
    );
  }
  return compress;
}
