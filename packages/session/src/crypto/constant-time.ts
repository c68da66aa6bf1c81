/**
 * Compares text instead of bytes. base64url has several spellings of the same bytes, because the last
 * character has unused bits, and only the spelling that we write may pass.
 */
export function equalInConstantTime(expected: string, given: string): boolean {
  if (expected.length !== given.length) return false;
  let difference = 0;
  for (let i = 0; i < expected.length; i++) {
    difference |= expected.charCodeAt(i) ^ given.charCodeAt(i);
  }
  return difference === 0;
}
