import * as iron from "iron-webcrypto";

export interface SealKey {
  readonly id: string;
  readonly encryption: Uint8Array;
  readonly integrity: Uint8Array;
}

/** Both keys have 32 bytes; the id is made of letters, digits and `_`. */
export function importSealKey(id: string, encryption: Uint8Array, integrity: Uint8Array): SealKey {
  return { id, encryption, integrity };
}

const ofText: iron.SealOptions = {
  ...iron.defaults,
  encode: (content) => content as string,
  decode: (content) => content,
};

export function seal(content: string, key: SealKey): Promise<string> {
  return iron.seal(content, key, ofText);
}

/** Nothing, unless this key sealed it. */
export async function unseal(sealed: string, key: SealKey): Promise<string | undefined> {
  try {
    return (await iron.unseal(sealed, { [key.id]: key }, ofText)) as string;
  } catch {
    // Told from other errors by nothing but its message; the layout was checked before.
    return undefined;
  }
}
