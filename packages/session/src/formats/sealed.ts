import { base64UrlToBytes, bytesToBase64Url, deflate, inflate } from "#primitives";
import { importSealKey, type SealKey, seal, unseal } from "../crypto/iron.ts";
import { deriveKey } from "../crypto/key-derivation.ts";
import { type Codec, MAX_INFLATED_BYTES } from "./codec.ts";
import { dumpPayload, loadPayload } from "./payload.ts";

/*
 * The layout of iron for a seal with keys (instead of passwords) and without an expiry:
 *
 *   Fe26.2*key id**initialization vector*encrypted***mac
 *
 * The mac covers every character before it. Its own last character has two bits that base64 decoders
 * ignore, and only the spelling with both zero may pass.
 */
const SEAL = /^Fe26\.2\*(\w{8})\*\*[\w-]{22}\*[\w-]+\*\*\*[\w-]{42}[AEIMQUYcgkosw048]$/;

/** The encrypted content: the issue time, then the payload as JSON or as deflated base64url. */
const CONTENT = /^\[(\d{1,15}),(\{.*\}|"[\w-]+")\]$/s;

/** `Fe26.2`, the format of iron: encrypted and authenticated. */
export function sealedCodec(name: string, secrets: readonly string[]): Codec {
  let imported: Promise<SealKey[]> | undefined;
  const importKeys = () => Promise.all(secrets.map((secret) => keyOf(name, secret)));

  return {
    serialize: dumpPayload,
    parse: loadPayload,

    async decode(value) {
      if (!value.startsWith("Fe26.2*")) return { ok: false, reason: "unknown-format" };
      const id = SEAL.exec(value)?.[1];
      if (id === undefined) return { ok: false, reason: "malformed" };

      imported ??= importKeys();
      const keys = await imported;
      const secretIndex = keys.findIndex((key) => key.id === id);
      const key = keys[secretIndex];
      const content = key && (await unseal(value, key));
      if (content === undefined) return { ok: false, reason: "bad-signature" };
      try {
        const [, issuedAt, json = ""] = CONTENT.exec(content) ?? [];
        const text = json.startsWith('"')
          ? await inflate(base64UrlToBytes(json.slice(1, -1)), MAX_INFLATED_BYTES)
          : json;
        const payload = loadPayload(text);
        return { ok: true, payload, text, issuedAt: Number(issuedAt), secretIndex };
      } catch {
        return { ok: false, reason: "malformed" };
      }
    },

    async encode(text, issuedAt, options) {
      imported ??= importKeys();
      const [current] = await imported;
      const json = options?.deflate ? `"${bytesToBase64Url(await deflate(text))}"` : text;
      return seal(`[${issuedAt},${json}]`, current as SealKey);
    },
  };
}

async function keyOf(name: string, secret: string): Promise<SealKey> {
  const [encryption, integrity, fingerprint] = await Promise.all([
    deriveKey(secret, ["sealed", name, "encryption"]),
    deriveKey(secret, ["sealed", name, "integrity"]),
    deriveKey(secret, ["sealed", name, "id"]),
  ]);
  // The seal has the key's id, so a lookup finds the one secret to verify with. iron allows no hyphen
  // in an id.
  const id = bytesToBase64Url(fingerprint).slice(0, 8).replaceAll("-", "_");
  return importSealKey(id, encryption, integrity);
}
