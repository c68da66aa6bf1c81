/** A text with one character in the place of another, for each place and each of its replacements. */
export function* withAnotherCharacter(
  text: string,
  replacementsOf: (code: number) => string,
): Generator<string> {
  for (let at = 0; at < text.length; at++) {
    for (const character of replacementsOf(text.charCodeAt(at))) {
      if (character !== text.charAt(at)) yield text.slice(0, at) + character + text.slice(at + 1);
    }
  }
}

/** A character's neighbours, which differ in the lowest bits, where a loose decoder would not look. */
export const neighboursOf = (code: number) => String.fromCharCode(code - 1, code + 1, code ^ 32);

/** A text with one addition, at each place but its end. */
export function* lengthened(text: string, additions: readonly string[]): Generator<string> {
  for (let at = 0; at < text.length; at++) {
    for (const more of additions) yield text.slice(0, at) + more + text.slice(at);
  }
}
