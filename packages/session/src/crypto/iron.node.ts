import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from "node:crypto";

export interface SealKey {
  readonly id: string;
  readonly encryption: KeyObject;
  readonly integrity: KeyObject;
}

/** Both keys have 32 bytes. The id consists of letters, digits and `_`. */
export function importSealKey(id: string, encryption: Uint8Array, integrity: Uint8Array): SealKey {
  return { id, encryption: createSecretKey(encryption), integrity: createSecretKey(integrity) };
}

/** The layout that iron-webcrypto writes when it seals with keys: the salts of passwords are empty. */
export function seal(content: string, { id, encryption, integrity }: SealKey): string {
  const iv = randomBytes(16);
  const cipher = createCipheriv("aes-256-cbc", encryption, iv);
  const encrypted = cipher.update(content, "utf8", "base64url") + cipher.final("base64url");
  const message = `Fe26.2*${id}**${iv.toString("base64url")}*${encrypted}*`;
  return `${message}**${macOf(message, integrity).toString("base64url")}`;
}

/** Returns the content, or `undefined` if another key sealed it. */
export function unseal(sealed: string, { encryption, integrity }: SealKey): string | undefined {
  const macAt = sealed.lastIndexOf("**");
  const message = sealed.slice(0, macAt);
  const mac = Buffer.from(sealed.slice(macAt + 2), "base64url");
  const expected = macOf(message, integrity);
  if (mac.length !== expected.length || !timingSafeEqual(mac, expected)) return undefined;

  const [, , , iv = "", encrypted = ""] = message.split("*");
  try {
    const decipher = createDecipheriv("aes-256-cbc", encryption, Buffer.from(iv, "base64url"));
    return decipher.update(encrypted, "base64url", "utf8") + decipher.final("utf8");
  } catch {
    return undefined;
  }
}

function macOf(message: string, integrity: KeyObject): Buffer {
  return createHmac("sha256", integrity).update(message).digest();
}
