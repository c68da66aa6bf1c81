export interface Sample {
  readonly language: string;
  readonly code: string;
  /** The document's line at which the code begins. */
  readonly line: number;
}

/** The fenced blocks of a document. */
export function samplesOf(markdown: string): Sample[] {
  const fences = markdown.matchAll(/^((?:> )?)```(\w*)\n(.*?)^\1```$/gms);
  return [...fences].map(({ 1: quote, 2: language = "", 3: code = "", index }) => ({
    language,
    code: quote ? code.replace(/^> ?/gm, "") : code,
    line: markdown.slice(0, index).split("\n").length + 1,
  }));
}

/** The file that a sample's first line names. */
export function pathOf(code: string): string | undefined {
  return /^\/\/ (\S+\.tsx?)\n/.exec(code)?.[1];
}
