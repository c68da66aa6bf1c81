/** What a cipher returns, in base64url. */
export interface Encrypted {
  /** The initialization vector. */
  readonly iv: string;
  readonly text: string;
}
