/** The hash functions of a signature. */
export type Digest = "SHA-1" | "SHA-256" | "SHA-384" | "SHA-512";
