/** Should the output have colors? https://no-color.org, https://force-color.org */
export function hasColors(): boolean {
  const { FORCE_COLOR, NO_COLOR } = process.env;
  if (FORCE_COLOR) return FORCE_COLOR !== "0";
  return !NO_COLOR && process.stdout.isTTY === true;
}

/** What came from outside must not move a terminal's cursor, or the text around it. */
export function visible(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, escaped);
}

/** For a text that escapes controls itself, and has some for its colors. */
export function withoutBidi(text: string): string {
  return text.replaceAll(/[\p{Bidi_Control}\u2028\u2029]/gu, escaped);
}

function escaped(character: string): string {
  return `\\u{${character.charCodeAt(0).toString(16)}}`;
}
