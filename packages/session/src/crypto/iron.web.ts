import * as iron from "iron-webcrypto";

export interface SealKey {
  readonly id: string;
  readonly encryption: Uint8Array;
  readonly integrity: Uint8Array;
}

/** Both keys have 32 bytes. The id consists of letters, digits and `_`. */
export function importSealKey(id: string, encryption: Uint8Array, integrity: Uint8Array): SealKey {
  return { id, encryption, integrity };
}

const TEXT_OPTIONS: iron.SealOptions = {
  ...iron.defaults,
  encode: (content) => content as string,
  decode: (content) => content,
};

export function seal(content: string, key: SealKey): Promise<string> {
  return iron.seal(content, key, TEXT_OPTIONS);
}

/** Returns the content, or `undefined` if another key sealed it. */
export async function unseal(sealed: string, key: SealKey): Promise<string | undefined> {
  try {
    return (await iron.unseal(sealed, { [key.id]: key }, TEXT_OPTIONS)) as string;
  } catch {
    // Only the message distinguishes a wrong mac from other errors. The codec has checked the layout.
    return undefined;
  }
}
