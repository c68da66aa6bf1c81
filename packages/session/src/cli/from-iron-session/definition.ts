import { basename, dirname, extname, join, relative } from "node:path";
import type ts from "typescript-5";
import type { SessionControls } from "../../session/session.ts";
import { type App, shortPath } from "./app.ts";
import { moduleOf, type Names } from "./names.ts";
import { type MovedOptions, Unclear } from "./options.ts";

/** The name of the new file. It must not be one that client components import. */
const FILE = "session-definition";

/** A definition that takes the place of iron-session's options. */
export interface Definition {
  /** The new file. */
  readonly path: string;
  readonly text: string;
  readonly options: MovedOptions;
  /** The options' declaration, if they have one of their own. */
  readonly declaration: ts.VariableDeclaration | undefined;
}

/** Names that a session's own properties have, and data cannot. */
const TAKEN = {
  permanent: true,
  modified: true,
  isNew: true,
  sessionId: true,
  regenerate: true,
  clear: true,
  flash: true,
  flashes: true,
  takeFlashes: true,
  ageFlashes: true,
  save: true,
  once: true,
  toJSON: true,
} satisfies Record<Exclude<keyof SessionControls, symbol>, true>;

/** Writes the file of a definition. Throws {@link Unclear}. */
export class DefinitionWriter {
  readonly #app: App;
  readonly #names: Names;
  readonly #object: ts.ObjectLiteralExpression;
  readonly #source: ts.SourceFile;
  readonly #path: string;
  readonly #imports: string[] = [];

  constructor(app: App, names: Names, object: ts.ObjectLiteralExpression) {
    this.#app = app;
    this.#names = names;
    this.#object = object;
    this.#source = object.getSourceFile();
    const extension = extname(this.#source.fileName).replace("x", "");
    this.#path = join(dirname(this.#source.fileName), FILE + extension).replaceAll("\\", "/");
  }

  /** @param dataTypes The type arguments of the calls. */
  write(options: MovedOptions, dataTypes: readonly ts.TypeNode[]): Definition {
    const { ts } = this.#app;
    if (!this.#app.files.includes(this.#source)) {
      throw new Unclear(dataTypes[0] ?? this.#object, "The options are outside of this folder.");
    }
    if (ts.sys.fileExists(this.#path)) {
      throw new Unclear(
        this.#object,
        `The definition belongs in a file of its own, and ${shortPath(this.#app, this.#path)} is taken.`,
      );
    }
    const dataType = this.#dataType(dataTypes);
    for (const expression of options.expressions) this.#bring(expression);
    const holder = this.#object.parent;
    const declaration = findDeclaration(ts, holder);
    const text = `import { defineSession } from "next-signed-session";
${[...new Set(this.#imports)]
  .sort()
  .map((line) => `${line}\n`)
  .join("")}
export const { getSession } = defineSession${dataType && `<${dataType}>`}({
${linesOf(options)
  .map((line) => `  ${line}\n`)
  .join("")}});
`;
    return { path: this.#path, text: this.#styled(text), options, declaration };
  }

  /** The type of the data, as the new file writes it, or "". */
  #dataType(given: readonly ts.TypeNode[]): string {
    const { ts, checker } = this.#app;
    const [first, ...others] = given;
    if (!first || /\.m?jsx?$/.test(this.#path)) return "";
    const meaningOf = (type: ts.TypeNode) =>
      ts.isTypeReferenceNode(type) && !type.typeArguments && this.#names.meaning(type.typeName);
    const symbol = meaningOf(first);
    const other = others.find((type) =>
      symbol ? meaningOf(type) !== symbol : type.getText() !== first.getText(),
    );
    if (other) throw new Unclear(other, `Other calls give the data the type ${first.getText()}.`);
    for (const { name } of checker.getPropertiesOfType(checker.getTypeFromTypeNode(first))) {
      if (Object.hasOwn(TAKEN, name)) {
        throw new Unclear(
          first,
          `A session has a property \`${name}\` of its own: data needs another name.`,
        );
      }
    }
    if (symbol) this.#bringType(first as ts.TypeReferenceNode, symbol);
    else if (namesTypes(ts, first))
      throw new Unclear(first, "Give this type a name, and export it.");
    return first.getText();
  }

  #bringType(reference: ts.TypeReferenceNode, symbol: ts.Symbol): void {
    const { ts } = this.#app;
    const name = reference.getText();
    const [declaration] = symbol.declarations ?? [];
    const home = declaration?.getSourceFile();
    const imported = this.#names.local(reference.typeName)?.declarations?.[0];
    const specifier = imported && ts.isImportSpecifier(imported) ? imported : undefined;
    if (home && this.#app.files.includes(home) && this.#exports(home, symbol.name)) {
      const alias = symbol.name === name ? name : `${symbol.name} as ${name}`;
      this.#imports.push(`import type { ${alias} } from "${this.#pathTo(home)}";`);
    } else if (specifier && !moduleOf(specifier).startsWith(".")) {
      this.#imports.push(
        `import type { ${specifier.getText().replace(/^type /, "")} } from "${moduleOf(specifier)}";`,
      );
    } else {
      throw new Unclear(reference, `The definition needs the type ${name}: export it.`);
    }
  }

  /** Imports what an expression of the options' file needs. */
  #bring(expression: ts.Expression): void {
    const { ts } = this.#app;
    const visit = (node: ts.Node): void => {
      if (ts.isIdentifier(node)) this.#bringName(node);
      node.forEachChild(visit);
    };
    visit(expression);
  }

  #bringName(name: ts.Identifier): void {
    const { ts } = this.#app;
    const isProperty = ts.isPropertyAccessExpression(name.parent) && name.parent.name === name;
    const isKey = ts.isPropertyAssignment(name.parent) && name.parent.name === name;
    if (isProperty || isKey) return;
    const declaration = this.#names.local(name)?.declarations?.[0];
    // A global, such as `process`, or one that has no types.
    if (!declaration || declaration.getSourceFile().isDeclarationFile) return;
    if (ts.isImportSpecifier(declaration)) {
      const line = `import { ${declaration.getText()} } from "${moduleOf(declaration)}";`;
      this.#imports.push(line);
    } else if (isOfModule(ts, declaration) && this.#exports(this.#source, name.text)) {
      this.#imports.push(`import { ${name.text} } from "${this.#pathTo(this.#source)}";`);
    } else {
      throw new Unclear(
        name,
        `The definition, in a file of its own, needs \`${name.text}\`: export it.`,
      );
    }
  }

  #exports(file: ts.SourceFile, name: string): boolean {
    const module = this.#app.checker.getSymbolAtLocation(file);
    return module?.exports?.has(name as ts.__String) ?? false;
  }

  #pathTo(file: ts.SourceFile): string {
    return pathBetween(this.#path, file.fileName);
  }

  /** In the quotes of the file that the options come from, and without semicolons if it has none. */
  #styled(text: string): string {
    const [statement] = this.#source.statements;
    const sample = this.#source.text;
    const hasSemicolons = !statement || statement.getText().endsWith(";");
    const quoted =
      sample.includes('"') || !sample.includes("'")
        ? text
        : text.replaceAll(/"([^"'\n]*)"/g, "'$1'");
    return hasSemicolons ? quoted : quoted.replaceAll(/;$/gm, "");
  }
}

/** How one file imports another. */
export function pathBetween(from: string, to: string): string {
  const path = relative(dirname(from), to)
    .replaceAll("\\", "/")
    .replace(/\.[mc]?[jt]sx?$/, "");
  return path.startsWith(".") ? path : `./${path}`;
}

/** How a file imports a neighbour of a module that it imports already. */
export function beside(
  specifier: string,
  module: ts.SourceFile,
  neighbour: string,
): string | undefined {
  const name = basename(module.fileName, extname(module.fileName));
  const [, folder, extension = ""] =
    new RegExp(`^(.*/)${name}(\\.[jt]sx?)?$`).exec(specifier) ?? [];
  if (folder !== undefined) return folder + basename(neighbour, extname(neighbour)) + extension;
  return name === "index" ? `${specifier}/${basename(neighbour, extname(neighbour))}` : undefined;
}

function linesOf(options: MovedOptions): string[] {
  const { name, idleTimeout, cookie, chunk, accept } = options;
  return [
    `name: ${name},`,
    `format: "sealed",`,
    `idleTimeout: ${idleTimeout},`,
    ...(cookie.length > 0 ? [`cookie: { ${cookie.join(", ")} },`] : []),
    ...(chunk ? [`chunk: ${chunk},`] : []),
    ...(accept ? [`accept: [{ format: "iron-session", secret: ${accept} }],`] : []),
  ];
}

/** `const options = {…}`, with nothing else declared beside it. */
function findDeclaration(ts: App["ts"], holder: ts.Node): ts.VariableDeclaration | undefined {
  const isWrapper = ts.isExpression(holder) && !ts.isCallExpression(holder);
  if (isWrapper) return findDeclaration(ts, holder.parent);
  return ts.isVariableDeclaration(holder) ? holder : undefined;
}

function namesTypes(ts: App["ts"], type: ts.Node): boolean {
  if (ts.isTypeReferenceNode(type) || ts.isTypeQueryNode(type)) return true;
  return ts.forEachChild(type, (child) => namesTypes(ts, child) || undefined) ?? false;
}

function isOfModule(ts: App["ts"], declaration: ts.Declaration): boolean {
  const statement = ts.findAncestor(declaration, ts.isStatement);
  return statement?.parent !== undefined && ts.isSourceFile(statement.parent);
}
