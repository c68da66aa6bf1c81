import type ts from "typescript-5";

/** The text between two offsets of a file becomes another. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A place that only a person can change. */
export interface ByHand {
  readonly start: number;
  readonly advice: string;
  /** It can stay as it is. */
  readonly isNote?: boolean;
}

const COMMENTS_AT_END = /(?:^[ \t]*(?:\/\/.*|\/\*(?:[^*]|\*(?!\/))*\*\/)\r?\n)*[ \t]*$(?![\s\S])/m;

/** What is to be done in one file. */
export class FilePlan {
  readonly edits: Edit[] = [];
  readonly byHand: ByHand[] = [];
  /** Import statements to add. */
  readonly imports = new Set<string>();
  readonly source: ts.SourceFile;
  /** Names that the edits bring into the file, each with what it stands for. */
  readonly #names = new Map<string, unknown>();

  constructor(source: ts.SourceFile) {
    this.source = source;
  }

  /** A name for what the file imports now: the first one, unless it stands in the file already. */
  nameFor(name: string, otherwise: string, what: unknown): string {
    const known = [...this.#names].find(([, each]) => each === what)?.[0];
    if (known !== undefined) return known;
    const isTaken = this.#names.has(name) || new RegExp(`\\b${name}\\b`).test(this.source.text);
    let free = isTaken ? otherwise : name;
    for (let number = 2; this.#names.has(free); number++) free = `${otherwise}${number}`;
    this.#names.set(free, what);
    return free;
  }

  replace(node: ts.Node, text: string): void {
    this.edits.push({ start: node.getStart(), end: node.getEnd(), text });
  }

  /** Removes a statement and its line. */
  removeLine(node: ts.Node): void {
    this.#remove(node, node.getStart());
  }

  /** Removes a statement, its line, and the comments right above it. */
  removeWithComments(node: ts.Node): void {
    const before = this.source.text.slice(0, node.getStart());
    this.#remove(node, COMMENTS_AT_END.exec(before)?.index ?? before.length);
  }

  #remove(node: ts.Node, from: number): void {
    const { text } = this.source;
    const lineStart = text.lastIndexOf("\n", from - 1) + 1;
    const start = text.slice(lineStart, from).trim() ? from : lineStart;
    const [rest = ""] = /^[ \t]*(\r?\n)?/.exec(text.slice(node.getEnd())) ?? [];
    const end = node.getEnd() + rest.length;
    const before = text.slice(0, start);
    const isAfterBlank = /\n\r?\n$/.test(before) || start === 0;
    const [blank = ""] = (isAfterBlank && /^\r?\n/.exec(text.slice(end))) || [];
    // Nothing ends in an empty line.
    const [above = ""] = (end === text.length && /(?<=\n)\r?\n$/.exec(before)) || [];
    this.edits.push({ start: start - above.length, end: end + blank.length, text: "" });
  }

  insert(start: number, text: string): void {
    this.edits.push({ start, end: start, text });
  }

  leave(node: ts.Node, advice: string): void {
    this.byHand.push({ start: node.getStart(), advice });
  }

  note(node: ts.Node, advice: string): void {
    this.byHand.push({ start: node.getStart(), advice, isNote: true });
  }

  /** The file's text with the edits made. */
  result(): string {
    const { text } = this.source;
    return edited(text, { start: 0, end: text.length, edits: sorted(this.edits) });
  }

  /** Where a place of the result stood before. */
  originalOffset(offset: number): number {
    let shift = 0;
    for (const { start, end, text } of sorted(this.edits)) {
      if (offset < start + shift) break;
      if (offset < start + shift + text.length) return start;
      shift += text.length - (end - start);
    }
    return offset - shift;
  }
}

/** What is to be done in the whole app. */
export class Plan {
  readonly files = new Map<ts.SourceFile, FilePlan>();
  /** New files, by their path, each with what it is made of. */
  readonly created = new Map<string, { readonly text: string; readonly from: ts.Node }>();
  /** Identifiers that the edits remove. */
  readonly consumed = new Set<ts.Identifier>();
  /** Imports of what is no longer exported. */
  readonly removed = new Set<ts.ImportSpecifier>();
  /** Texts that the report must not show. */
  readonly secrets = new Set<string>();

  for(node: ts.Node): FilePlan {
    const source = node.getSourceFile();
    const plan = this.files.get(source) ?? new FilePlan(source);
    this.files.set(source, plan);
    return plan;
  }

  /** Lets go of every name inside: no import needs to bring them. */
  consume(ts: { isIdentifier(node: ts.Node): node is ts.Identifier }, node: ts.Node): void {
    if (ts.isIdentifier(node)) this.consumed.add(node);
    node.forEachChild((child) => this.consume(ts, child));
  }
}

/** A part of a text, and the edits in it, from front to back. */
export interface EditedPart {
  readonly start: number;
  readonly end: number;
  readonly edits: readonly Edit[];
}

/** The part with the edits made. */
export function edited(text: string, { start, end, edits }: EditedPart): string {
  let result = "";
  let from = start;
  for (const edit of edits) {
    result += text.slice(from, edit.start) + edit.text;
    from = edit.end;
  }
  return result + text.slice(from, end);
}

export function sorted(edits: readonly Edit[]): Edit[] {
  return [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
}
