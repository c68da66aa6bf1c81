import fc from "fast-check";

/** Any UTF-16 at all, lone surrogates too. */
export const junkText = (maxLength: number) =>
  fc.array(fc.nat({ max: 0xffff }), { maxLength }).map((codes) => String.fromCharCode(...codes));
