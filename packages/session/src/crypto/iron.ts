import { type AesKey, decrypt, encrypt, importAesKey } from "#aes";
import { type HmacKey, hmac, importHmacKey } from "#primitives";
import { equalInConstantTime } from "./constant-time.ts";

export interface SealKey {
  readonly id: string;
  readonly encryption: AesKey;
  readonly integrity: HmacKey;
}

/** Both keys have 32 bytes. The id consists of letters, digits and `_`. */
export async function importSealKey(
  id: string,
  encryption: Uint8Array<ArrayBuffer>,
  integrity: Uint8Array<ArrayBuffer>,
): Promise<SealKey> {
  return {
    id,
    encryption: await importAesKey(encryption),
    integrity: await importHmacKey(integrity, "SHA-256"),
  };
}

/** The layout that iron-webcrypto writes when it seals with keys: the salts of passwords are empty. */
export async function seal(content: string, key: SealKey): Promise<string> {
  const { iv, text } = await encrypt(content, key.encryption);
  const message = `Fe26.2*${key.id}**${iv}*${text}*`;
  return `${message}**${await hmac(key.integrity, message)}`;
}

/** Returns the content, or `undefined` if another key sealed it. */
export async function unseal(sealed: string, key: SealKey): Promise<string | undefined> {
  const macAt = sealed.lastIndexOf("**");
  const message = sealed.slice(0, macAt);
  const mac = await hmac(key.integrity, message);
  if (!equalInConstantTime(mac, sealed.slice(macAt + 2))) return undefined;

  const [, , , iv = "", text = ""] = message.split("*");
  try {
    return await decrypt({ iv, text }, key.encryption);
  } catch {
    return undefined;
  }
}
